using Spectre.Console;
using Spectre.Console.Rendering;

namespace Jarn.Runner.Reporting;

/// <summary>A column of a <see cref="TextTable"/>.</summary>
/// <param name="Header">The text above the column.</param>
/// <param name="IsNumber">Whether the column is aligned to the right.</param>
/// <param name="Rank">If the table is too wide, the column with the highest rank is left out first. A column of rank 0 always stays.</param>
public sealed record TextColumn(string Header, bool IsNumber = false, int Rank = 0)
{
    public static implicit operator TextColumn(string header) => new(header);
}

/// <summary>A cell of a <see cref="TextTable"/>.</summary>
/// <param name="Text">One line or several.</param>
/// <param name="Style">Null for plain text.</param>
public readonly record struct TextCell(string Text, Style? Style = null)
{
    public static implicit operator TextCell(string text) => new(text);
}

/// <summary>
/// Every table of the program. It fits the console without breaking a word: cells take several lines, then columns that can be done without are left
/// out (and named below), and where that is not enough each row becomes a list of headers and values.
/// </summary>
public sealed class TextTable(params IReadOnlyList<TextColumn> columns) : IRenderable
{
    /// <summary>The text of a cell without a value.</summary>
    public const string Absent = "-";

    private readonly List<IReadOnlyList<TextCell>> _rows = [];

    public string? Title { get; init; }

    /// <summary>Whether lines are drawn around cells; without them a table is narrower.</summary>
    public bool IsFramed { get; init; } = true;

    /// <param name="cells">One cell per column.</param>
    public void AddRow(params IReadOnlyList<TextCell> cells) =>
        _rows.Add(
            cells.Count == columns.Count ? cells : throw new ArgumentException($"{cells.Count} cells for {columns.Count} columns", nameof(cells)));

    public Measurement Measure(RenderOptions options, int maxWidth) => new(1, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        List<int> shown = [.. Enumerable.Range(0, columns.Count)], leftOut = [];
        while (Room(shown, maxWidth) < shown.Sum(WidestWord) && shown.MaxBy(column => columns[column].Rank) is var least && columns[least].Rank > 0)
        {
            shown.Remove(least);
            leftOut.Add(least);
        }
        IEnumerable<Segment> title = Title is null ? [] : new TextLines(Title).Render(options, maxWidth);
        if (Room(shown, maxWidth) < shown.Sum(WidestWord))
        {
            return title.Concat(Records(options, maxWidth));
        }
        string others = string.Join(", ", leftOut.Order().Select(column => OneLine(columns[column].Header)));
        return
        [
            .. title, .. Grid(shown, Widths(shown, Room(shown, maxWidth)), options.Unicode ? Frame.Box : Frame.Ascii),
            .. leftOut.Count == 0 ? [] : new TextLines($"(Not shown, the terminal is too narrow: {others})").Render(options, maxWidth),
        ];
    }

    /// <summary>The width that frames and gaps leave to the cells.</summary>
    private int Room(List<int> shown, int width) => width - (IsFramed ? (3 * shown.Count) + 1 : 2 * (shown.Count - 1));

    private IEnumerable<string> Texts(int column) => _rows.Select(row => row[column].Text).Prepend(columns[column].Header);

    private int WidestWord(int column) => Texts(column).Max(TextLines.WidthOfWidestWord);

    /// <summary>Each column as wide as its longest line, and the widest ones narrower until all fit.</summary>
    private int[] Widths(List<int> shown, int room)
    {
        int[] widths = [.. shown.Select(column => Texts(column).Max(text => text.Split('\n').Max(TextLines.Width)))];
        int[] least = [.. shown.Select(WidestWord)];
        while (widths.Sum() > room)
        {
            widths[Enumerable.Range(0, widths.Length).Where(place => widths[place] > least[place]).MaxBy(place => widths[place])]--;
        }
        return widths;
    }

    private IEnumerable<Segment> Grid(List<int> shown, int[] widths, Frame frame)
    {
        IEnumerable<Segment> Rule(string left, string middle, string right) => [TextLines.Segment(IsFramed
            ? left + string.Join(middle, widths.Select(width => new string(frame.Line, width + 2))) + right
            : string.Join("  ", widths.Select(width => new string(frame.Line, width))), null), Segment.LineBreak];
        IEnumerable<Segment> top = IsFramed ? Rule(frame.Top[0], frame.Top[1], frame.Top[2]) : [];
        IEnumerable<Segment> bottom = IsFramed ? Rule(frame.Bottom[0], frame.Bottom[1], frame.Bottom[2]) : [];
        return
        [
            .. top, .. Line(shown, widths, frame, [.. shown.Select(column => new TextCell(columns[column].Header))]),
            .. Rule(frame.Middle[0], frame.Middle[1], frame.Middle[2]),
            .. _rows.SelectMany(row => Line(shown, widths, frame, [.. shown.Select(column => row[column])])), .. bottom,
        ];
    }

    private IEnumerable<Segment> Line(List<int> shown, int[] widths, Frame frame, TextCell[] cells)
    {
        string[][] lines = [.. cells.Select((cell, place) => TextLines.Wrap(cell.Text, widths[place]).ToArray())];
        for (int line = 0; line < lines.Max(cell => cell.Length); line++)
        {
            int last = IsFramed ? cells.Length - 1 : Array.FindLastIndex(lines, cell => line < cell.Length && cell[line] != "");
            for (int place = 0; place <= last; place++)
            {
                string text = lines[place].ElementAtOrDefault(line) ?? "", space = new(' ', Math.Max(0, widths[place] - TextLines.Width(text)));
                bool isLast = place == last, isNumber = columns[shown[place]].IsNumber;
                yield return new Segment((IsFramed ? $"{frame.Bar} " : place == 0 ? "" : "  ") + (isNumber ? space : ""));
                yield return TextLines.Segment(text, cells[place].Style);
                yield return new Segment((isNumber || (isLast && !IsFramed) ? "" : space) + (!IsFramed ? "" : isLast ? $" {frame.Bar}" : " "));
            }
            yield return Segment.LineBreak;
        }
    }

    /// <summary>The first cell, and below it what the others hold.</summary>
    private IEnumerable<Segment> Records(RenderOptions options, int width)
    {
        foreach (IReadOnlyList<TextCell> row in _rows)
        {
            foreach ((int column, TextCell cell) in row.Index().Where(pair => pair.Index == 0 || pair.Item.Text is not ("" or Absent)))
            {
                string header = OneLine(columns[column].Header);
                string text = column == 0 ? cell.Text : $"  {(header == "" ? "" : $"{header}: ")}{OneLine(cell.Text)}";
                foreach (Segment segment in new TextLines(text, column == 0 ? 0 : 4, cell.Style).Render(options, width))
                {
                    yield return segment;
                }
            }
        }
    }

    private static string OneLine(string text) => text.Replace('\n', ' ').Trim();

    /// <summary>The characters between and around cells.</summary>
    private sealed record Frame(char Bar, char Line, string[] Top, string[] Middle, string[] Bottom)
    {
        public static Frame Box { get; } = new('│', '─', ["┌", "┬", "┐"], ["├", "┼", "┤"], ["└", "┴", "┘"]);

        public static Frame Ascii { get; } = new('|', '-', ["+", "+", "+"], ["+", "+", "+"], ["+", "+", "+"]);
    }
}
