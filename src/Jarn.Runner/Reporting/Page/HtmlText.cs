using System.Xml.Linq;

namespace Jarn.Runner.Reporting.Page;

/// <summary>
/// A tree of elements as HTML. Text and attributes are escaped, whatever is in them; elements that HTML closes itself stay open, all others are
/// closed, empty ones too: that is where HTML and XML part.
/// </summary>
public static class HtmlText
{
    private static readonly HashSet<string> _withoutContent = ["br", "col", "hr", "img", "input", "link", "meta", "wbr"];

    /// <summary>HTML reads their text as it stands, up to the end tag.</summary>
    private static readonly HashSet<string> _literal = ["script", "style"];

    /// <summary>Writes a whole document.</summary>
    /// <exception cref="ArgumentException">A script or style holds what would end it early.</exception>
    public static void WriteDocument(TextWriter writer, XElement html)
    {
        writer.Write("<!DOCTYPE html>\n");
        Write(writer, html);
        writer.Write('\n');
    }

    /// <exception cref="ArgumentException">A script or style holds what would end it early.</exception>
    public static void Write(TextWriter writer, XElement element)
    {
        string name = element.Name.LocalName;
        writer.Write($"<{name}");
        foreach (XAttribute attribute in element.Attributes())
        {
            writer.Write($" {attribute.Name.LocalName}=\"{Escape(attribute.Value).Replace("\"", "&quot;", StringComparison.Ordinal)}\"");
        }
        writer.Write('>');
        if (_withoutContent.Contains(name))
        {
            return;
        }
        foreach (XNode node in element.Nodes())
        {
            switch (node)
            {
                case XElement child:
                    Write(writer, child);
                    break;
                case XText text:
                    writer.Write(_literal.Contains(name) ? Literal(name, text.Value) : Escape(text.Value));
                    break;
                default:
                    throw new ArgumentException($"there is no HTML for {node}", nameof(element));
            }
        }
        writer.Write($"</{name}>");
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Literal(string name, string text) =>
        text.Contains($"</{name}", StringComparison.OrdinalIgnoreCase) || text.Contains("<!--", StringComparison.Ordinal)
            ? throw new ArgumentException($"this {name} holds its own end, or the beginning of a comment", nameof(text)) : text;
}
