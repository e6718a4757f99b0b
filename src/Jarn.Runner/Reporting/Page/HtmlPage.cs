using System.Text;
using System.Xml.Linq;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Reporting.Page;

/// <summary>
/// A page in one file that loads nothing: style, pictures, charts and, where there are charts, plotly.js (3.6 MB, MIT licence) out of Plotly.NET's
/// package.
/// </summary>
public static class HtmlPage
{
    /// <summary>The file's name in the folder of a run or a reproduction.</summary>
    public const string Name = "report.html";

    private static readonly Lazy<string> _style = new(() => Resource(typeof(HtmlPage).Assembly, name => name == "page.css"));
    private static readonly Lazy<string> _script = new(() => Resource(typeof(HtmlPage).Assembly, name => name == "charts.js"));
    private static readonly Lazy<string> _plotly = new(() => Resource(
        typeof(Plotly.NET.Layout).Assembly,
        name => name.StartsWith("Plotly.NET.plotly-", StringComparison.Ordinal) && name.EndsWith(".min.js", StringComparison.Ordinal)));

    /// <param name="path">The file. It is written in whole or not at all.</param>
    /// <param name="head">The content below the title.</param>
    /// <param name="sections">The sections, made by <see cref="Html.Section"/>.</param>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(string path, string title, IReadOnlyList<object?> head, IReadOnlyList<XElement> sections)
    {
        XElement body = Html.Of(
            "body",
            Html.Of("header", Html.Of("h1", title), head),
            sections.Count < 2 ? null : Html.Of("nav", new XAttribute("aria-label", "Contents"), Html.Of("ul", sections.Select(section => Html.Of(
                "li", Html.Of("a", new XAttribute("href", $"#{section.Attribute("id")!.Value}"), section.Element("h2")!.Value))))),
            Html.Of("main", sections),
            Html.Of("footer", Html.Paragraph($"Written by Jarn {Short(Versions.Current.Jarn)}. The page loads nothing from elsewhere.")));
        if (body.Descendants().Any(PageCharts.IsChart))
        {
            body.Add(Html.Of("script", _plotly.Value), Html.Of("script", _script.Value));
        }
        XElement document = Html.Of(
            "html", new XAttribute("lang", "en"),
            Html.Of(
                "head",
                Html.Of("meta", new XAttribute("charset", "utf-8")),
                Html.Of("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                Html.Of("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                // Without it a browser asks the server for /favicon.ico.
                Html.Of("link", new XAttribute("rel", "icon"), new XAttribute("href", "data:,")),
                Html.Of("title", title),
                Html.Of("style", _style.Value)),
            body);
        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            HtmlText.WriteDocument(writer, document);
        });
    }

    /// <summary>1.5.3+2efd942cf020… as 1.5.3 (2efd942).</summary>
    public static string Short(string version) =>
        version.Split('+') is [string number, { Length: > 7 } commit] ? $"{number} ({commit[..7]})" : version;

    private static string Resource(System.Reflection.Assembly assembly, Func<string, bool> isWanted)
    {
        using StreamReader reader = new(assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(isWanted))!);
        return reader.ReadToEnd();
    }
}
