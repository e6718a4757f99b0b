using System.Globalization;
using ScottPlot;
using ScottPlot.Hatches;

namespace Jarn.Runner.Reports.Charts;

/// <summary>A measured value with its uncertainty, and what the paper reports in its place.</summary>
/// <param name="Value">Measured.</param>
/// <param name="Low">Lower end of its whisker; the value itself for none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Paper">Null where the paper has none.</param>
public sealed record BarCell(double Value, double Low, double High, double? Paper);

/// <summary>A row of bars.</summary>
/// <param name="Title">On the left.</param>
/// <param name="Series">Decides the colour: the same in every table that has the row.</param>
public sealed record BarRow(string Title, int Series);

/// <summary>A table whose cells are bars: a panel for each column, ours solid and the paper's hatched beneath it.</summary>
/// <param name="Rows">From top to bottom.</param>
/// <param name="Columns">Titles, from left to right.</param>
/// <param name="Cell">By row and column; null where nothing was measured.</param>
/// <param name="Unit">Of the values, below each panel.</param>
/// <param name="Maximum">The end of every panel's scale.</param>
/// <param name="Format">Of the values written at the bars' ends.</param>
public sealed record BarTable(
    IReadOnlyList<BarRow> Rows, IReadOnlyList<string> Columns, Func<int, int, BarCell?> Cell, string Unit, double Maximum, string Format)
{
    private const double Thickness = 0.36, RoomForText = 0.22;
    private const float ColumnWidth = 210, RowHeight = 46, LabelWidth = 130, Left = 10, Right = 14, Top = 34, Bottom = 48;
    private const int Ticks = 5;

    private static readonly Color _legendColour = Color.FromHex("#555555");

    /// <exception cref="UserErrorException">The PNG file can't be written.</exception>
    public void Write(string path, string title, IReadOnlyList<string> subtitle)
    {
        bool hasPaper = Enumerable.Range(0, Rows.Count).Any(row => Enumerable.Range(0, Columns.Count).Any(column => Cell(row, column)?.Paper is not null));
        LegendItem[] legend = hasPaper ? [Item("this project", hatch: false), Item("paper", hatch: true)] : [];
        ChartSheet sheet = new(title, subtitle, legend, [.. Enumerable.Range(0, Columns.Count).Select(Panel)], Columns.Count) { FirstColumnExtra = LabelWidth };
        sheet.Write(path, new PixelSize(ColumnWidth, (Rows.Count * RowHeight) + Top + Bottom));
    }

    private Plot Panel(int column)
    {
        Plot plot = ChartStyle.Plot(Columns[column], verticalLines: true);
        for (int row = 0; row < Rows.Count; row++)
        {
            if (Cell(row, column) is not BarCell cell || !double.IsFinite(cell.Value))
            {
                continue;
            }
            double shift = cell.Paper is null ? 0 : Thickness / 2;
            Draw(plot, Rows[row], -row + shift, cell.Value, Math.Max(cell.High, cell.Value), hatch: false);
            if (cell.High > cell.Low)
            {
                ChartStyle.Whisker(plot, new Coordinates(cell.Value, -row + shift), cell.Low, cell.High, alongX: true);
            }
            if (cell.Paper is double paper)
            {
                Draw(plot, Rows[row], -row - shift, paper, paper, hatch: true);
            }
        }
        plot.Axes.Left.TickGenerator = ChartStyle.Ticks(column > 0 ? [] : Enumerable.Range(0, Rows.Count).Select(row => -(double)row), position => Rows[-(int)position].Title);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Left.TickLabelStyle.FontSize = ChartStyle.TextSize;
        plot.Axes.Bottom.TickGenerator = ChartStyle.Ticks(
            Enumerable.Range(0, Ticks + 1).Select(tick => Maximum * tick / Ticks), value => value.ToString("0.##", CultureInfo.InvariantCulture));
        plot.XLabel(Unit);
        plot.Layout.Fixed(new PixelPadding(Left + (column == 0 ? LabelWidth : 0), Right, Bottom, Top));
        plot.Axes.SetLimits(0, Maximum * (1 + RoomForText), -Rows.Count + 0.45, 0.55);
        return plot;
    }

    /// <param name="plot">Drawn on.</param>
    /// <param name="row">Has the colour.</param>
    /// <param name="position">Of the bar's middle.</param>
    /// <param name="value">Its length, and the text behind it.</param>
    /// <param name="end">Where bar and whisker end.</param>
    /// <param name="hatch">The paper's.</param>
    private void Draw(Plot plot, BarRow row, double position, double value, double end, bool hatch)
    {
        Color colour = ChartStyle.Series(row.Series);
        plot.Add.Bar(new Bar
        {
            Position = position,
            Value = Math.Min(value, Maximum),
            Size = Thickness,
            Orientation = Orientation.Horizontal,
            LineWidth = 1,
            LineColor = colour,
            FillColor = hatch ? Colors.White : colour,
            FillHatch = hatch ? new Striped() : null,
            FillHatchColor = colour.WithAlpha(0.6),
        });
        ScottPlot.Plottables.Text text = plot.Add.Text(value.ToString(Format, CultureInfo.InvariantCulture), Math.Min(end, Maximum) + (Maximum / 50), position);
        (text.LabelFontSize, text.LabelAlignment, text.LabelFontColor) = (ChartStyle.SmallTextSize, Alignment.MiddleLeft, hatch ? ChartStyle.FaintInk : ChartStyle.Ink);
    }

    private static LegendItem Item(string text, bool hatch) => new()
    {
        LabelText = text,
        FillColor = hatch ? Colors.White : _legendColour,
        FillHatch = hatch ? new Striped() : null,
        FillHatchColor = _legendColour.WithAlpha(0.6),
        OutlineColor = _legendColour,
        OutlineWidth = 1,
    };
}
