using System.Text;

namespace Jarn.Runner.Commands;

/// <summary>Lines of at most <see cref="Width"/> characters: paragraphs, and rows of what is explained and its explanation.</summary>
public sealed class HelpWriter
{
    public const int Width = 80;

    private const int Indent = 2, Gap = 2, WidestLeft = 30;

    private readonly StringBuilder _text = new();

    public HelpWriter Paragraph(string text, int indent = 0)
    {
        foreach (string line in Wrap(text.Split(' '), Width - indent))
        {
            Line(new string(' ', indent) + line);
        }
        return this;
    }

    /// <summary>Words, or phrases that no line break is to part, in as few lines as hold them.</summary>
    public HelpWriter Flow(IEnumerable<string> phrases)
    {
        foreach (string line in Wrap(phrases, Width - Indent, separator: "  "))
        {
            Line(new string(' ', Indent) + line);
        }
        return this;
    }

    /// <summary>An empty line, and the heading of what follows.</summary>
    public HelpWriter Heading(string heading) => Line("").Paragraph(heading);

    /// <summary>Two columns; a right one that does not fit beside its left one stands below it.</summary>
    public HelpWriter Rows(IReadOnlyCollection<(string Left, string Right)> rows)
    {
        int left = Math.Min(rows.Max(row => row.Left.Length), WidestLeft), start = Indent + left + Gap;
        foreach ((string name, string explanation) in rows)
        {
            string[] heads = [.. Wrap(name.Split(' '), Width - (2 * Indent))];
            for (int i = 0; i < heads.Length - 1; i++)
            {
                // As a shell has it.
                Line($"{new string(' ', (i + 1) * Indent)}{heads[i]} \\");
            }
            string head = new string(' ', heads.Length * Indent) + heads[^1];
            foreach (string line in Wrap(explanation.Split(' '), Width - start))
            {
                if (head.Length + Gap > start)
                {
                    Line(head);
                    head = "";
                }
                Line(head.PadRight(start) + line);
                head = "";
            }
        }
        return this;
    }

    public override string ToString() => _text.ToString().TrimEnd();

    private HelpWriter Line(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }

    private static IEnumerable<string> Wrap(IEnumerable<string> phrases, int width, string separator = " ")
    {
        string line = "";
        foreach (string phrase in phrases)
        {
            if (line != "" && line.Length + separator.Length + phrase.Length > width)
            {
                yield return line;
                line = "";
            }
            line += line == "" ? phrase : separator + phrase;
        }
        yield return line;
    }
}
