using ScottPlot;
using ScottPlot.Plottables;

namespace Jarn.Runner.Reporting.Charts;

/// <summary>The colours and sizes of all charts, and a plot without ornament.</summary>
public static class ChartStyle
{
    public const float TextSize = 14, SmallTextSize = 12, TitleSize = 20;

    private static readonly Color _gridLines = Color.FromHex("#E4E4E4");

    /// <summary>Okabe and Ito's palette, told apart by colour-blind eyes too.</summary>
    private static readonly Color[] _palette =
    [
        .. new[] { "#7F7F7F", "#56B4E9", "#E69F00", "#CC79A7", "#009E73", "#0072B2", "#D55E00" }.Select(Color.FromHex),
    ];

    static ChartStyle() => Lettering.UseInCharts();

    public static Color Ink { get; } = Color.FromHex("#222222");

    public static Color FaintInk { get; } = Color.FromHex("#666666");

    /// <summary>The number of series that have a colour of their own.</summary>
    public static int Colours => _palette.Length;

    public static Color Series(int index) => _palette[index % _palette.Length];

    /// <summary>A plot with a frame on the left and below only, and faint lines at the ticks of the axes named.</summary>
    public static Plot Plot(string title, bool verticalLines = false, bool horizontalLines = false)
    {
        Plot plot = new();
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        foreach (IAxis axis in plot.Axes.GetAxes())
        {
            axis.TickLabelStyle.FontSize = SmallTextSize;
            axis.TickLabelStyle.ForeColor = Ink;
            axis.Label.FontSize = TextSize;
            axis.Label.Bold = false;
            axis.Label.ForeColor = Ink;
            axis.FrameLineStyle.Color = FaintInk;
            axis.MajorTickStyle.Color = FaintInk;
            axis.MinorTickStyle.Length = 0;
        }
        plot.Grid.XAxisStyle.IsVisible = verticalLines;
        plot.Grid.YAxisStyle.IsVisible = horizontalLines;
        plot.Grid.MajorLineColor = _gridLines;
        plot.Title(title, TextSize);
        plot.Axes.Title.Label.ForeColor = Ink;
        return plot;
    }

    /// <summary>Ticks at the values given, and nowhere else.</summary>
    public static ITickGenerator Ticks(IEnumerable<double> positions, Func<double, string> label) =>
        new ScottPlot.TickGenerators.NumericManual([.. positions.Select(position => new Tick(position, label(position)))]);

    /// <summary>Draws a mark in place of values that can't be drawn.</summary>
    public static void Nothing(Plot plot, double x, double y)
    {
        Text text = plot.Add.Text("no values", x, y);
        (text.LabelFontSize, text.LabelAlignment, text.LabelFontColor) = (SmallTextSize, Alignment.MiddleCenter, FaintInk);
    }

    /// <summary>Draws a whisker from low to high through a point, along y or along x.</summary>
    public static void Whisker(Plot plot, Coordinates point, double low, double high, bool alongX)
    {
        double[] up = [high - (alongX ? point.X : point.Y)], down = [(alongX ? point.X : point.Y) - low];
        plot.PlottableList.Add(
            new ErrorBar([point.X], [point.Y], alongX ? up : null!, alongX ? down : null!, alongX ? null! : up, alongX ? null! : down)
        {
            Color = Ink,
            LineWidth = 1,
            CapSize = 3,
        });
    }
}
