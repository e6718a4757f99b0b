using System.Text;
using System.Xml.Linq;

namespace Jarn.Runner.Reporting.Page;

/// <summary>The elements of the pages.</summary>
public static class Html
{
    public static XElement Of(string name, params object?[] content) => new(name, content);

    public static XAttribute Class(string name) => new("class", name);

    /// <summary>A part with a heading of its own, that the contents lead to.</summary>
    public static XElement Section(string title, params object?[] content)
    {
        string id = Id(title);
        return Of("section", new XAttribute("id", id), new XAttribute("aria-labelledby", $"{id}-title"),
            Of("h2", new XAttribute("id", $"{id}-title"), title), content);
    }

    public static XElement Paragraph(params object?[] content) => Of("p", content);

    /// <summary>A paragraph that must not be overlooked.</summary>
    public static XElement Notice(params object?[] content) => Of("p", Class("notice"), content);

    /// <summary>A chart and its figures, side by side where the screen is wide.</summary>
    public static XElement Pair(params object?[] content) => Of("div", Class("pair"), content);

    public static XElement? Remarks(IEnumerable<string> remarks) =>
        remarks.ToArray() is { Length: > 0 } items ? Of("ul", Class("remarks"), items.Select(item => Of("li", item))) : null;

    /// <summary>Something seen, and below it what it shows.</summary>
    public static XElement Figure(string caption, params object?[] content) => Of("figure", content, Of("figcaption", caption));

    /// <summary>Numbers in columns; on a narrow screen it scrolls within itself.</summary>
    /// <param name="caption">What the numbers in the table are.</param>
    /// <param name="header">The first column is of names, the others of numbers.</param>
    /// <param name="rows">Rows with as many cells as the header. A cell between two pairs of asterisks is emphasised.</param>
    public static XElement Table(string caption, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows) => Scroll(caption, Of(
        "table",
        Of("caption", caption),
        Of("thead", Of("tr", header.Select(title => title.Length == 0 ? Of("td") : Of("th", new XAttribute("scope", "col"), title)))),
        Of("tbody", rows.Select(row => Of("tr",
            row.Select((cell, column) => column == 0 ? Of("th", new XAttribute("scope", "row"), Emphasised(cell)) : Of("td", Emphasised(cell))))))));

    /// <summary>A table of names and values.</summary>
    /// <param name="caption">The description for screen readers.</param>
    /// <param name="groups">The rows, in groups. A group without a title has null.</param>
    public static XElement Properties(string caption, IEnumerable<(string? Title, IReadOnlyList<(string Name, string Value)> Rows)> groups) =>
        Scroll(caption, Of("table", Class("properties"),
        Of("caption", caption),
        groups.Select(group => Of(
            "tbody",
            group.Title is null ? null : Of("tr", Of("th", new XAttribute("scope", "rowgroup"), new XAttribute("colspan", "2"), group.Title)),
            group.Rows.Select(row => Of("tr", Of("th", new XAttribute("scope", "row"), row.Name), Of("td", row.Value)))))));

    /// <summary>Shown on demand; on paper always.</summary>
    public static XElement Folded(string summary, params object?[] content) => Of("details", Of("summary", summary), content);

    /// <summary>An image as part of the page, every pixel a square.</summary>
    /// <param name="image">At its own size; the page's style magnifies it.</param>
    /// <param name="description">The description for screen readers.</param>
    public static XElement Picture(GridImage image, string description) => Of(
        "img", new XAttribute("src", $"data:image/png;base64,{Convert.ToBase64String(image.ToPng())}"), new XAttribute("alt", description),
        new XAttribute("width", image.Width), new XAttribute("height", image.Height));

    /// <summary>Rows of images under the names of their columns.</summary>
    public static XElement Pictures(string caption, IReadOnlyList<string> columns, IReadOnlyList<ImageGridRow> rows) => Scroll(caption, Of(
        "table", Class("images"),
        Of("thead", Of("tr", Of("td"), columns.Select(column => Of("th", new XAttribute("scope", "col"), column)))),
        Of("tbody", rows.Select(row => Of(
            "tr", Of("th", new XAttribute("scope", "row"), row.Label),
            row.Images.Select((image, column) => Of("td", image is null ? null : Picture(image, $"{row.Label}: {columns[column]}"))))))));

    /// <summary>A container for content that may be wider than the screen.</summary>
    public static XElement Scroll(string label, XElement content) => Of(
        "div", Class("scroll"), new XAttribute("role", "region"), new XAttribute("tabindex", "0"), new XAttribute("aria-label", label), content);

    /// <summary>Accuracy under attack → accuracy-under-attack.</summary>
    public static string Id(string title)
    {
        StringBuilder id = new();
        foreach (char letter in title.ToLowerInvariant())
        {
            id.Append(char.IsAsciiLetterOrDigit(letter) || letter == 'ε' ? letter : '-');
        }
        return string.Join('-', id.ToString().Split('-', StringSplitOptions.RemoveEmptyEntries));
    }

    private static object Emphasised(string cell) =>
        cell.Length > 4 && cell.StartsWith("**", StringComparison.Ordinal) && cell.EndsWith("**", StringComparison.Ordinal)
            ? Of("strong", cell[2..^2])
            : cell;
}
