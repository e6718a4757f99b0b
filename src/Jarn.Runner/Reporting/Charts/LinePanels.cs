using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace Jarn.Runner.Reporting.Charts;

/// <summary>A value at a place, with its whisker's ends; both the value itself for none.</summary>
public readonly record struct LinePoint(double X, double Y, double Low, double High)
{
    /// <summary>Whether it has a place: both coordinates are finite.</summary>
    public bool IsDrawable => double.IsFinite(X) && double.IsFinite(Y);

    /// <summary>Whether there is a whisker to draw.</summary>
    public bool HasWhisker => double.IsFinite(Low) && double.IsFinite(High) && High > Low;
}

/// <summary>Values along an axis.</summary>
/// <param name="Title">The text in the legend.</param>
/// <param name="Series">The index of the colour, see <see cref="BarRow.Series"/>.</param>
/// <param name="Points">The points from left to right.</param>
public sealed record Line(string Title, int Series, IReadOnlyList<LinePoint> Points);

/// <summary>A panel with several lines over the same axis.</summary>
/// <param name="Title">The text above the panel.</param>
/// <param name="XTitle">The axis's quantity and unit.</param>
/// <param name="XTicks">The positions of the ticks, with their texts.</param>
/// <param name="Lines">The lines; every panel of a sheet has lines with the same titles.</param>
public sealed record LinePanel(string Title, string XTitle, IReadOnlyDictionary<double, string> XTicks, IReadOnlyList<Line> Lines)
{
    /// <summary>The lines with those of their points that have a place; lines without any are left out.</summary>
    public IReadOnlyList<Line> Drawable =>
        [.. Lines.Select(line => line with { Points = [.. line.Points.Where(point => point.IsDrawable)] }).Where(line => line.Points.Count > 0)];
}

/// <summary>Panels of lines side by side, over the same range of values.</summary>
/// <param name="Panels">The panels from left to right.</param>
/// <param name="YTitle">The values' quantity and unit.</param>
/// <param name="Maximum">The values reach from 0 to this.</param>
public sealed record LinePanels(IReadOnlyList<LinePanel> Panels, string YTitle, double Maximum)
{
    private const float Width = 360, Height = 360, LabelWidth = 50, Left = 24, Right = 12, Top = 34, Bottom = 50;
    private const int Ticks = 5;

    private static readonly MarkerShape[] _markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
    ];

    private double Scale => Maximum is > 0 and < double.PositiveInfinity ? Maximum : 1;

    /// <exception cref="UserErrorException">The PNG file can't be written.</exception>
    public void Write(string path, string title, IReadOnlyList<string> subtitle)
    {
        LegendItem[] legend = [.. (Panels.Count == 0 ? [] : Panels[0].Lines).Select((line, i) => new LegendItem
        {
            LabelText = line.Title,
            LineColor = ChartStyle.Series(line.Series),
            LineWidth = 2,
            MarkerShape = Marker(i),
            MarkerFillColor = ChartStyle.Series(line.Series),
            MarkerSize = 7,
        })];
        ChartSheet sheet = new(title, subtitle, legend, [.. Panels.Select(Draw)], Panels.Count) { FirstColumnExtra = LabelWidth - Left };
        sheet.Write(path, new PixelSize(Width, Height));
    }

    private Plot Draw(LinePanel panel, int column)
    {
        Plot plot = ChartStyle.Plot(panel.Title, horizontalLines: true);
        string[] titles = [.. panel.Lines.Select(line => line.Title)];
        foreach (Line line in panel.Drawable)
        {
            foreach (LinePoint point in line.Points.Where(point => point.HasWhisker))
            {
                ChartStyle.Whisker(plot, new Coordinates(point.X, point.Y), point.Low, point.High, alongX: false);
            }
            Scatter scatter = plot.Add.Scatter(
                line.Points.Select(point => new Coordinates(point.X, point.Y)).ToArray(), ChartStyle.Series(line.Series));
            (scatter.LineWidth, scatter.MarkerShape, scatter.MarkerSize) = (2, Marker(Array.IndexOf(titles, line.Title)), 7);
        }
        plot.Axes.Bottom.TickGenerator = ChartStyle.Ticks(panel.XTicks.Keys, position => panel.XTicks[position]);
        plot.Axes.Left.TickGenerator = ChartStyle.Ticks(
            Enumerable.Range(0, Ticks + 1).Select(tick => Scale * tick / Ticks),
            value => column == 0 ? value.ToString("0.##", CultureInfo.InvariantCulture) : "");
        plot.XLabel(panel.XTitle);
        if (column == 0)
        {
            plot.YLabel(YTitle);
        }
        plot.Layout.Fixed(new PixelPadding(column == 0 ? LabelWidth : Left, Right, Bottom, Top));
        double[] places =
        [
            .. panel.XTicks.Keys.Concat(panel.Drawable.SelectMany(line => line.Points.Select(point => point.X)))
                .Where(double.IsFinite).DefaultIfEmpty(0),
        ];
        double first = places.Min(), last = places.Max(), room = last > first ? (last - first) / 25 : 1;
        if (panel.Drawable.Count == 0)
        {
            ChartStyle.Nothing(plot, (first + last) / 2, Scale / 2);
        }
        plot.Axes.SetLimits(first - room, last + room, 0, Scale);
        return plot;
    }

    private static MarkerShape Marker(int line) => _markers[line % _markers.Length];
}
