using System.Xml.Linq;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Runner.Reporting.Page;

/// <summary>report.html of a reproduction: its tables and figures on one page.</summary>
public static class ReproductionReport
{
    /// <param name="path">The file.</param>
    /// <param name="name">What was asked for.</param>
    /// <param name="preset">Of all runs.</param>
    /// <param name="targets">In their order.</param>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(string path, string name, string preset, IReadOnlyList<(PaperResult Result, ReproducedResult Report)> targets) =>
        HtmlPage.Write(
            path, "Jacobian Adversarially Regularized Networks",
            [
                Html.Paragraph(
                    name == PaperResults.All ? "The tables and figures" : targets[0].Result.Title.Split(':')[0], " of ",
                    Html.Of("a", new XAttribute("href", "https://arxiv.org/abs/1912.10185"), "Chan et al., ICLR 2020"),
                    $", reproduced with preset {preset}."),
            ],
            [.. targets.Select(made => Html.Section(made.Result.Title, made.Report.Page.Blocks.Skip(1).Select(block => Content(block, made))))]);

    private static object? Content(PageBlock block, (PaperResult Result, ReproducedResult Report) made) => block switch
    {
        PageBlock.Heading heading => Html.Of("h3", heading.Text),
        PageBlock.Paragraph paragraph => Html.Paragraph(paragraph.Text),
        PageBlock.Notice notice => Html.Notice(Html.Of("strong", notice.Text)),
        PageBlock.List list => Html.Remarks(list.Items),
        PageBlock.Table table => Html.Table("The figures", table.Header, table.Rows),
        PageBlock.Picture => made.Report.Figure,
        _ => throw new ArgumentException($"there is no HTML for {block}", nameof(block)),
    };
}
