using System.Xml.Linq;
using Jarn.Runner.Auditing;
using Jarn.Runner.Reports.Charts;
using Jarn.Runner.Reproduction;
using Jarn.Runner.Training;

namespace Jarn.Runner.Reports.Page;

/// <summary>An audit on a page.</summary>
public static class AuditSections
{
    /// <summary>On a run's page: the audit that is shown for it, and what others there are. Null where there is none.</summary>
    public static XElement? Of(AuditSelection audits)
    {
        if (audits.IsEmpty)
        {
            return null;
        }
        XElement section = audits.Shown is AuditResults shown ? Of(shown)
            : Html.Section("Audit", Html.Paragraph("There is no audit under the conditions of this run: its ε, its data set, running statistics of batch norm."));
        if (audits.Others.Count > 0)
        {
            section.Add(Html.Table(
                audits.Shown is null ? "Audits under other conditions" : "Other audits of this classifier", ["", "clean, %", "AutoAttack, %", "95 % interval", "failed checks"],
                audits.Others.Select(audit => (IReadOnlyList<string>)
                [
                    AuditTitles.Settings(audit), Number(audit.Findings.Ladder[0].Accuracy), .. audit.AutoAttack is Rung rung
                        ? [Number(rung.Accuracy), $"{Number(rung.AccuracyInterval.Low)} to {Number(rung.AccuracyInterval.High)}"] : new[] { "–", "–" },
                    FailedChecks(audit),
                ])));
        }
        section.Add(Html.Remarks(audits.Unreadable.Select(AuditTitles.Unreadable)));
        return section;
    }

    /// <summary>The ladder and the checks of one classifier.</summary>
    public static XElement Of(AuditResults results, string title = "Audit")
    {
        IReadOnlyList<Rung> ladder = results.Findings.Ladder;
        int series = Series(results);
        BarTable chart = new(
            [.. ladder.Select(rung => new BarRow(AuditTitles.Rung(rung.Name), series))], ["Accuracy"],
            (row, _) => new BarCell(ladder[row].Accuracy, ladder[row].AccuracyInterval.Low, ladder[row].AccuracyInterval.High, null),
            "accuracy, %", 100, "0.0");
        return Html.Section(
            title,
            Html.Of("p", Html.Class("notice"), results.Verdict),
            Html.Figure(
                $"What attacks of growing strength leave of {results.Examples} test images, ε = {Titles.Epsilon(results.Epsilon)}. Whiskers: 95 % interval. "
                    + "AutoAttack's attacks each count with those before.",
                PageCharts.Of(chart)),
            Html.Table(
                "The same in figures", ["", "accuracy, %", "95 % interval", "forward passes an image", "backward"],
                ladder.Select(rung => (IReadOnlyList<string>)
                [
                    AuditTitles.Rung(rung.Name), Number(rung.Accuracy), $"{Number(rung.AccuracyInterval.Low)} to {Number(rung.AccuracyInterval.High)}",
                    Titles.Number(rung.Forward, "0.#"), Titles.Number(rung.Backward, "0.#"),
                ])),
            Html.Properties(
                "Can these figures be trusted?",
                [(null, [.. results.Findings.Checks.Select(check => ($"{check.Name}: {check.Outcome.ToString().ToLowerInvariant()}", check.Verdict))])]),
            Html.Remarks(AuditTitles.Remarks(results)));
    }

    /// <summary>Of several classifiers: robust accuracy over each measure of saliency.</summary>
    public static XElement Saliency(IReadOnlyList<AuditResults> audits)
    {
        AuditResults[] measured = [.. audits.Where(audit => audit.Findings.Saliency is not null && audit.AutoAttack is not null)];
        LinePanel Panel(string title, Func<Saliency, Estimate> measure) => new(
            "", title, new Dictionary<double, string>(), [.. measured.Select(audit => new Line(
                Name(audit), Series(audit),
                [new LinePoint(measure(audit.Findings.Saliency!).Mean, audit.AutoAttack!.Accuracy, audit.AutoAttack.AccuracyInterval.Low, audit.AutoAttack.AccuracyInterval.High)]))]);
        return Html.Section(
            "Saliency and robustness",
            Html.Figure(
                "The paper's thesis: classifiers whose Jacobians look like images are robust. Each point is a classifier; whiskers are the 95 % interval of its robust accuracy.",
                PageCharts.Panels(
                [
                    PageCharts.Of(Panel("alignment of image and gradient", saliency => saliency.Alignment), "accuracy under AutoAttack, %", 100),
                    PageCharts.Of(Panel("cosine of image and Jacobian", saliency => saliency.Cosine), "accuracy under AutoAttack, %", 100),
                    PageCharts.Of(Panel("structural similarity of image and Jacobian", saliency => saliency.StructuralSimilarity), "accuracy under AutoAttack, %", 100),
                ])));
    }

    /// <summary>Of several classifiers, side by side.</summary>
    public static XElement Comparison(IReadOnlyList<AuditResults> audits) => Html.Section(
        "Side by side",
        Html.Table(
            "Accuracy in per cent", ["", .. Rungs(audits).Select(AuditTitles.Rung), "failed checks"],
            audits.Select(audit => (IReadOnlyList<string>)
            [
                Name(audit), .. Rungs(audits).Select(name => audit.Findings.Ladder.FirstOrDefault(rung => rung.Name == name) is Rung rung ? Number(rung.Accuracy) : "–"),
                FailedChecks(audit),
            ])),
        Html.Table(
            "Saliency, mean ± standard error", ["", "alignment", "cosine", "structural similarity"],
            audits.Select(audit => (IReadOnlyList<string>)(audit.Findings.Saliency is Saliency saliency
                ? [Name(audit), AuditTitles.Text(saliency.Alignment), AuditTitles.Text(saliency.Cosine), AuditTitles.Text(saliency.StructuralSimilarity)] : [Name(audit), "–", "–", "–"]))));

    public static string Name(AuditResults audit) => $"{Titles.Method(audit.Method)} ({Path.GetFileName(Path.TrimEndingDirectorySeparator(audit.Checkpoint))})";

    private static string FailedChecks(AuditResults audit) => audit.Findings.Checks.Count(check => check.Outcome == Outcome.Failed) is int count and > 0 ? $"{count}" : "none";

    private static string[] Rungs(IReadOnlyList<AuditResults> audits) => [.. audits.SelectMany(audit => audit.Findings.Ladder.Select(rung => rung.Name)).Distinct()];

    private static int Series(AuditResults results) => TrainingMethod.Names.Index().FirstOrDefault(method => method.Item == results.Method).Index;

    private static string Number(double value) => Titles.Number(value, "0.00");
}
