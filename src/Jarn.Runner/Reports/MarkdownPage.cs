using System.Text;

namespace Jarn.Runner.Reports;

/// <summary>A page of Markdown, written from top to bottom.</summary>
public sealed class MarkdownPage
{
    private readonly StringBuilder _text = new();

    public MarkdownPage Heading(string text, int level = 1) => Block($"{new string('#', level)} {text}");

    public MarkdownPage Paragraph(string text) => Block(text);

    public MarkdownPage Picture(string description, string file) => Block($"![{description}]({file})");

    public MarkdownPage List(IEnumerable<string> items) => Block(string.Join('\n', items.Select(item => $"- {item}")));

    /// <param name="header">The first column is of text, the others of numbers.</param>
    /// <param name="rows">As many cells as the header has.</param>
    public MarkdownPage Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows) => Block(string.Join('\n',
        [Row(header), Row([.. header.Select((_, column) => column == 0 ? "---" : "--:")]), .. rows.Select(Row)]));

    public override string ToString() => _text.ToString();

    private MarkdownPage Block(string text)
    {
        _text.Append(_text.Length == 0 ? "" : "\n").Append(text).Append('\n');
        return this;
    }

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
}
