using System.Globalization;
using ScottPlot;

namespace Jarn.Runner.Reports.Charts;

/// <summary>A measured value with its uncertainty, and what the paper reports in its place.</summary>
/// <param name="Value">Measured.</param>
/// <param name="Low">Lower end of the whisker.</param>
/// <param name="High">Upper end of the whisker.</param>
/// <param name="Paper">Null where the paper has none.</param>
public sealed record BarCell(double Value, double Low, double High, double? Paper);

/// <summary>A table whose cells are bars: a row of labels, a panel for each column, ours solid and the paper's hatched beneath it.</summary>
/// <param name="Rows">Labels, from top to bottom.</param>
/// <param name="Columns">Titles.</param>
/// <param name="Cell">By row and column; null where nothing was measured.</param>
/// <param name="Unit">Of the values, below each panel.</param>
/// <param name="Limit">The right end of every panel.</param>
/// <param name="Format">Of the values written at the bars' ends.</param>
public sealed record BarTable(
    IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, Func<int, int, BarCell?> Cell, string Unit, double Limit, string Format)
{
    private const double Thickness = 0.36, Whisker = 0.12;
    private const float ColumnWidth = 230, RowHeight = 52, Surroundings = 90;

    public byte[] ToPng(string title, IReadOnlyList<string> subtitle)
    {
        bool hasPaper = Cells().Any(cell => cell.Paper is not null);
        LegendItem[] legend = [Item("this project", Color.FromHex("#555555"), hatch: false), .. hasPaper ? [Item("paper", Color.FromHex("#555555"), hatch: true)] : Array.Empty<LegendItem>()];
        ChartSheet sheet = new(title, subtitle, legend, [.. Enumerable.Range(0, Columns.Count).Select(Panel)], Columns.Count);
        return sheet.ToPng(new PixelSize(ColumnWidth, (Rows.Count * RowHeight) + Surroundings));
    }

    private IEnumerable<BarCell> Cells() =>
        from row in Enumerable.Range(0, Rows.Count) from column in Enumerable.Range(0, Columns.Count) let cell = Cell(row, column) where cell is not null select cell;

    private Plot Panel(int column)
    {
        Plot plot = ChartStyle.Plot(verticalLines: true, horizontalLines: false);
        plot.Title(Columns[column]);
        for (int row = 0; row < Rows.Count; row++)
        {
            if (Cell(row, column) is BarCell cell)
            {
                double centre = -row, shift = cell.Paper is null ? 0 : Thickness / 2;
                Draw(plot, centre + shift, cell.Value, (cell.Low, cell.High), ChartStyle.Series(row), hatch: false);
                if (cell.Paper is double paper)
                {
                    Draw(plot, centre - shift, paper, null, ChartStyle.Series(row), hatch: true);
                }
            }
        }
        plot.Axes.Left.TickGenerator = ChartStyle.Ticks(Enumerable.Range(0, Rows.Count).Select(row => -(double)row), position => column == 0 ? Rows[-(int)position] : "");
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Left.TickLabelStyle.FontSize = ChartStyle.TextSize;
        plot.XLabel(Unit);
        plot.Axes.SetLimits(0, Limit, -Rows.Count + 0.45, 0.55);
        return plot;
    }

    private void Draw(Plot plot, double position, double value, (double Low, double High)? whisker, Color colour, bool hatch)
    {
        Bar bar = new()
        {
            Position = position, Value = value, Size = Thickness, Orientation = Orientation.Horizontal, LineWidth = 1, LineColor = colour,
            FillColor = hatch ? Colors.White : colour, FillHatchColor = colour.WithAlpha(0.7), FillHatch = hatch ? new ScottPlot.Hatches.Striped() : null,
        };
        plot.Add.Bar(bar);
        double end = value;
        if (whisker is (double low, double high))
        {
            foreach (CoordinateLine line in new CoordinateLine[]
            {
                new(low, position, high, position), new(low, position - Whisker, low, position + Whisker), new(high, position - Whisker, high, position + Whisker),
            })
            {
                ScottPlot.Plottables.LinePlot drawn = plot.Add.Line(line);
                (drawn.LineColor, drawn.LineWidth) = (ChartStyle.Ink, 1);
            }
            end = high;
        }
        ScottPlot.Plottables.Text label = plot.Add.Text(value.ToString(Format, CultureInfo.InvariantCulture), end + (Limit / 60), position);
        (label.LabelFontSize, label.LabelAlignment, label.LabelFontColor) = (ChartStyle.SmallTextSize, Alignment.MiddleLeft, hatch ? ChartStyle.FaintInk : ChartStyle.Ink);
    }

    private static LegendItem Item(string text, Color colour, bool hatch) => new()
    {
        LabelText = text, FillColor = hatch ? Colors.White : colour, FillHatchColor = colour.WithAlpha(0.7), FillHatch = hatch ? new ScottPlot.Hatches.Striped() : null,
        OutlineColor = colour, OutlineWidth = 1,
    };
}
