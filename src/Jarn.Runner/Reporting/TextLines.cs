using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using Wcwidth;

namespace Jarn.Runner.Reporting;

/// <summary>
/// Text on the console. A line breaks between words and never inside one, so that names and paths can be copied; a word that is longer than the
/// console is wide is left to the terminal. Spectre.Console's own text and tables never end where a wide character meets a narrow column.
/// </summary>
/// <param name="text">One line or several.</param>
/// <param name="indent">Spaces before every line but the first.</param>
/// <param name="style">Null for plain text.</param>
public sealed class TextLines(string text, int indent = 0, Style? style = null) : IRenderable
{
    /// <summary>Printed as a space, and no place to break a line.</summary>
    public const char NoBreak = '\u00a0';

    /// <summary>Asks for the presentation as an emoji, which is two cells wide.</summary>
    private const char EmojiPresentation = '\ufe0f';

    public Measurement Measure(RenderOptions options, int maxWidth) => new(1, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (string line in Wrap(text, maxWidth, indent))
        {
            yield return Segment(line, style);
            yield return Spectre.Console.Rendering.Segment.LineBreak;
        }
    }

    /// <summary>The cells that a line takes on a terminal.</summary>
    public static int Width(string line)
    {
        int width = 0;
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(line);
        while (elements.MoveNext())
        {
            width += WidthOfElement(elements.GetTextElement());
        }
        return width;
    }

    /// <summary>The beginning of a line that fits into this many cells.</summary>
    public static string Cut(string line, int width)
    {
        StringBuilder cut = new();
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(line);
        while (elements.MoveNext() && (width -= WidthOfElement(elements.GetTextElement())) >= 0)
        {
            cut.Append(elements.GetTextElement());
        }
        return cut.ToString();
    }

    /// <summary>The lines of a text, of at most so many cells unless a single word takes more.</summary>
    public static IEnumerable<string> Wrap(string text, int width, int indent = 0)
    {
        string margin = "";
        foreach (string paragraph in text.Split('\n'))
        {
            StringBuilder line = new(margin);
            (int used, bool isBlank) = (margin.Length, true);
            foreach ((int index, string word) in paragraph.Split(' ').Index())
            {
                int more = Width(word) + (index == 0 ? 0 : 1);
                if (!isBlank && used + more > width)
                {
                    yield return line.ToString().TrimEnd(' ');
                    margin = new string(' ', indent);
                    (line, used, isBlank) = (new StringBuilder(margin).Append(word), indent + more - 1, word == "");
                }
                else
                {
                    line.Append(index == 0 ? "" : " ").Append(word);
                    (used, isBlank) = (used + more, isBlank && word == "");
                }
            }
            yield return line.ToString().TrimEnd(' ');
            margin = new string(' ', indent);
        }
    }

    /// <summary>The widest of a text's words: no line of it can be shorter.</summary>
    public static int WidthOfWidestWord(string text) => text.Split(' ', '\n').Max(Width);

    /// <summary>A segment without control characters, which the name of a folder may have and the terminal would execute.</summary>
    public static Segment Segment(string line, Style? style) =>
        new(string.Concat(line.Select(letter => letter == NoBreak ? ' ' : char.IsControl(letter) ? '\ufffd' : letter)), style ?? Style.Plain);

    private static int WidthOfElement(string element) => element.Contains(EmojiPresentation, StringComparison.Ordinal) ? 2
        : element.EnumerateRunes()
            .Max(rune => char.IsControl((char)Math.Min(rune.Value, char.MaxValue)) ? 1 : Math.Max(0, UnicodeCalculator.GetWidth(rune)));
}
