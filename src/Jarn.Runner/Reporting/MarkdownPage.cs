namespace Jarn.Runner.Reporting;

/// <summary>A part of a <see cref="MarkdownPage"/>.</summary>
public abstract record PageBlock
{
    public sealed record Heading(string Text, int Level) : PageBlock;

    public sealed record Paragraph(string Text) : PageBlock;

    /// <summary>A paragraph that must not be overlooked.</summary>
    public sealed record Notice(string Text) : PageBlock;

    public sealed record Picture(string Description, string File) : PageBlock;

    public sealed record List(IReadOnlyList<string> Items) : PageBlock;

    /// <param name="Header">The first column is of text, the others of numbers.</param>
    /// <param name="Rows">Rows with as many cells as the header.</param>
    public sealed record Table(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows) : PageBlock;
}

/// <summary>A page of Markdown, written from top to bottom.</summary>
public sealed class MarkdownPage
{
    private readonly List<PageBlock> _blocks = [];

    /// <summary>The page's content, for writing it in another format.</summary>
    public IReadOnlyList<PageBlock> Blocks => _blocks;

    public MarkdownPage Heading(string text, int level = 1) => Add(new PageBlock.Heading(text, level));

    public MarkdownPage Paragraph(string text) => Add(new PageBlock.Paragraph(text));

    public MarkdownPage Notice(string text) => Add(new PageBlock.Notice(text));

    public MarkdownPage Picture(string description, string file) => Add(new PageBlock.Picture(description, file));

    public MarkdownPage List(IEnumerable<string> items) => Add(new PageBlock.List([.. items]));

    /// <inheritdoc cref="PageBlock.Table"/>
    public MarkdownPage Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows) => Add(new PageBlock.Table(header, [.. rows]));

    public override string ToString() => string.Join('\n', _blocks.Select(block => $"{Text(block)}\n"));

    private MarkdownPage Add(PageBlock block)
    {
        _blocks.Add(block);
        return this;
    }

    private static string Text(PageBlock block) => block switch
    {
        PageBlock.Heading heading => $"{new string('#', heading.Level)} {heading.Text}",
        PageBlock.Paragraph paragraph => paragraph.Text,
        PageBlock.Notice notice => $"**{notice.Text}**",
        PageBlock.Picture picture => $"![{picture.Description}]({picture.File})",
        PageBlock.List list => string.Join('\n', list.Items.Select(item => $"- {item}")),
        PageBlock.Table table => string.Join('\n',
            [Row(table.Header), Row([.. table.Header.Select((_, column) => column == 0 ? "---" : "--:")]), .. table.Rows.Select(Row)]),
        _ => throw new ArgumentException($"there is no Markdown for {block}", nameof(block)),
    };

    private static string Row(IReadOnlyList<string> cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
}
