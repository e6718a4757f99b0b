using System.Globalization;
using ScottPlot;
using ScottPlot.Hatches;

namespace Jarn.Runner.Reporting.Charts;

/// <summary>A measured value with its uncertainty, and the value in the paper.</summary>
/// <param name="Low">The lower end of the whisker; the value itself for no whisker.</param>
/// <param name="High">The upper end of the whisker; the value itself for no whisker.</param>
/// <param name="Paper">The value in the paper; null if it has none.</param>
public sealed record BarCell(double Value, double Low, double High, double? Paper)
{
    /// <summary>The part that can be drawn: null if the value is not finite, and without a whisker or a paper's value that is not.</summary>
    public BarCell? Drawable => !double.IsFinite(Value) ? null : new BarCell(
        Value, double.IsFinite(Low) ? Low : Value, double.IsFinite(High) ? High : Value,
        Paper is double paper && double.IsFinite(paper) ? paper : null);
}

/// <summary>A row of bars.</summary>
/// <param name="Title">The text at the left of the row.</param>
/// <param name="Series">The index of the colour, the same in every table that has the row.</param>
public sealed record BarRow(string Title, int Series);

/// <summary>A table whose cells are bars: a panel for each column, ours solid and the paper's hatched beneath it.</summary>
/// <param name="Rows">The rows from top to bottom.</param>
/// <param name="Columns">Titles, from left to right.</param>
/// <param name="Cell">The cell of a row and a column; null where nothing was measured, which is drawn as a dash.</param>
/// <param name="Unit">The unit of the values, shown below each panel.</param>
/// <param name="Maximum">The end of every panel's scale.</param>
/// <param name="Format">The number format of the values at the bars' ends.</param>
public sealed record BarTable(
    IReadOnlyList<BarRow> Rows, IReadOnlyList<string> Columns, Func<int, int, BarCell?> Cell, string Unit, double Maximum, string Format)
{
    /// <summary>Written where there is no bar.</summary>
    public const string Absent = "–";

    private const double Thickness = 0.36, RoomForText = 0.22;
    private const float ColumnWidth = 210, RowHeight = 46, LabelWidth = 130, Left = 10, Right = 14, Top = 34, Bottom = 48;
    private const int Ticks = 5;

    private static readonly Color _legendColour = Color.FromHex("#555555");

    /// <summary><see cref="Maximum"/>, or 1 where that is no end of a scale.</summary>
    public double Scale => Maximum is > 0 and < double.PositiveInfinity ? Maximum : 1;

    /// <summary>The cell as it can be drawn, see <see cref="BarCell.Drawable"/>.</summary>
    public BarCell? At(int row, int column) => Cell(row, column)?.Drawable;

    /// <exception cref="UserErrorException">The PNG file can't be written.</exception>
    public void Write(string path, string title, IReadOnlyList<string> subtitle)
    {
        bool hasPaper = Enumerable.Range(0, Rows.Count)
            .Any(row => Enumerable.Range(0, Columns.Count).Any(column => At(row, column)?.Paper is not null));
        LegendItem[] legend = hasPaper ? [Item("this project", hatch: false), Item("paper", hatch: true)] : [];
        IReadOnlyList<Plot> panels = [.. Enumerable.Range(0, Columns.Count).Select(Panel)];
        ChartSheet sheet = new(title, subtitle, legend, panels, Columns.Count) { FirstColumnExtra = LabelWidth };
        sheet.Write(path, new PixelSize(ColumnWidth, (Rows.Count * RowHeight) + Top + Bottom));
    }

    private Plot Panel(int column)
    {
        Plot plot = ChartStyle.Plot(Columns[column], verticalLines: true);
        for (int row = 0; row < Rows.Count; row++)
        {
            if (At(row, column) is not BarCell cell)
            {
                Label(plot, Absent, 0, -row, ChartStyle.FaintInk);
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
        plot.Axes.Left.TickGenerator = ChartStyle.Ticks(
            column > 0 ? [] : Enumerable.Range(0, Rows.Count).Select(row => -(double)row), position => Rows[-(int)position].Title);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Left.TickLabelStyle.FontSize = ChartStyle.TextSize;
        plot.Axes.Bottom.TickGenerator = ChartStyle.Ticks(
            Enumerable.Range(0, Ticks + 1).Select(tick => Scale * tick / Ticks), value => value.ToString("0.##", CultureInfo.InvariantCulture));
        plot.XLabel(Unit);
        plot.Layout.Fixed(new PixelPadding(Left + (column == 0 ? LabelWidth : 0), Right, Bottom, Top));
        plot.Axes.SetLimits(0, Scale * (1 + RoomForText), -Math.Max(1, Rows.Count) + 0.45, 0.55);
        return plot;
    }

    /// <param name="row">Determines the colour.</param>
    /// <param name="position">The vertical position of the bar's middle.</param>
    /// <param name="value">The length of the bar, and the number at its end.</param>
    /// <param name="end">Where bar and whisker end.</param>
    /// <param name="hatch">Whether to hatch the bar, as those of the paper are.</param>
    private void Draw(Plot plot, BarRow row, double position, double value, double end, bool hatch)
    {
        Color colour = ChartStyle.Series(row.Series);
        plot.Add.Bar(new Bar
        {
            Position = position,
            Value = Math.Min(value, Scale),
            Size = Thickness,
            Orientation = Orientation.Horizontal,
            LineWidth = 1,
            LineColor = colour,
            FillColor = hatch ? Colors.White : colour,
            FillHatch = hatch ? new Striped() : null,
            FillHatchColor = colour.WithAlpha(0.6),
        });
        Label(
            plot, value.ToString(Format, CultureInfo.InvariantCulture), Math.Min(end, Scale), position, hatch ? ChartStyle.FaintInk : ChartStyle.Ink);
    }

    private void Label(Plot plot, string label, double end, double position, Color colour)
    {
        ScottPlot.Plottables.Text text = plot.Add.Text(label, end + (Scale / 50), position);
        (text.LabelFontSize, text.LabelAlignment, text.LabelFontColor) = (ChartStyle.SmallTextSize, Alignment.MiddleLeft, colour);
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
