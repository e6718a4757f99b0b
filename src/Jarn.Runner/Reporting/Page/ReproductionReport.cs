using System.Xml.Linq;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Runner.Reporting.Page;

/// <summary>report.html of a reproduction: its tables and figures on one page.</summary>
public static class ReproductionReport
{
    /// <param name="path">The HTML file to write.</param>
    /// <param name="name">What was asked for: a result's name or <see cref="PaperResults.All"/>.</param>
    /// <param name="preset">The preset of every run, as <c>--preset</c> takes it.</param>
    /// <param name="results">In the order in which the page shows them; at least one.</param>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(
        string path, string name, string preset, IReadOnlyList<(PaperResult Result, ReproducedResult Reproduced)> results) => HtmlPage.Write(
        path, "Jacobian Adversarially Regularized Networks",
        [
            Html.Paragraph(
                name == PaperResults.All ? "The tables and figures" : results[0].Result.Title.Split(':')[0], " of ",
                Html.Of("a", new XAttribute("href", "https://arxiv.org/abs/1912.10185"), "Chan et al., ICLR 2020"),
                $", reproduced with preset {preset}."),
        ],
        [.. results.Select(made => Html.Section(made.Result.Title, made.Reproduced.Page.Blocks.Skip(1).Select(block => Content(block, made))))]);

    private static object? Content(PageBlock block, (PaperResult Result, ReproducedResult Reproduced) made) => block switch
    {
        PageBlock.Heading heading => Html.Of("h3", heading.Text),
        PageBlock.Paragraph paragraph => Html.Paragraph(paragraph.Text),
        PageBlock.Notice notice => Html.Notice(Html.Of("strong", notice.Text)),
        PageBlock.List list => Html.Remarks(list.Items),
        PageBlock.Table table => Html.Table("The figures", table.Header, table.Rows),
        PageBlock.Picture => made.Reproduced.Figure,
        _ => throw new ArgumentException($"there is no HTML for {block}", nameof(block)),
    };
}
