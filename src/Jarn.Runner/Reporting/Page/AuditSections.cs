using System.Xml.Linq;
using Jarn.Models;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Runner.Reporting.Page;

/// <summary>An audit on a page.</summary>
public static class AuditSections
{
    /// <summary>The section in a run's page: the audit that is shown for the run, and a list of the others. Null if there are none.</summary>
    public static XElement? Of(AuditSelection audits)
    {
        if (audits.IsEmpty)
        {
            return null;
        }
        XElement section = audits.Shown is AuditResults shown ? Of(shown)
            : Html.Section(
                "Audit",
                Html.Paragraph("There is no audit under the conditions of this run: its ε, its data set, running statistics of batch norm."));
        if (audits.Others.Count > 0)
        {
            section.Add(Html.Table(
                audits.Shown is null ? "Audits under other conditions" : "Other audits of this classifier",
                ["", "clean, %", "AutoAttack, %", "95 % interval", "failed checks"],
                audits.Others.Select(audit => (IReadOnlyList<string>)
                [
                    AuditTitles.Settings(audit), Titles.Accuracy(audit.Findings.Ladder[0].Accuracy), .. audit.AutoAttack is Rung rung
                        ? [Titles.Accuracy(rung.Accuracy), Titles.Interval(rung.AccuracyInterval)] : new[] { "–", "–" },
                    FailedChecks(audit),
                ])));
        }
        section.Add(Html.Remarks(audits.Unreadable.Select(AuditTitles.Unreadable)));
        return section;
    }

    /// <summary>The verdict, the ladder and the checks of one classifier.</summary>
    /// <param name="title">The heading of the section.</param>
    /// <param name="series">The index of the colour; null for the colour of the training method.</param>
    public static XElement Of(AuditResults results, string title = "Audit", int? series = null)
    {
        IReadOnlyList<Rung> ladder = results.Findings.Ladder;
        int colour = series ?? MethodDefinition.List.Names.Index().FirstOrDefault(method => method.Item == results.Method).Index;
        BarTable chart = new(
            [.. ladder.Select(rung => new BarRow(AuditTitles.Rung(rung.Name), colour))], ["Accuracy"],
            (row, _) => new BarCell(ladder[row].Accuracy, ladder[row].AccuracyInterval.Low, ladder[row].AccuracyInterval.High, null),
            "accuracy, %", 100, "0.0");
        AuditVerdict verdict = results.Verdict;
        return Html.Section(
            title,
            Html.Of("p", Html.Class($"verdict {Word(verdict.Outcome)}"), Html.Of("strong", $"{verdict.Headline}: "), verdict.Text),
            Html.Pair(
                Html.Figure(
                    $"Accuracy on {results.Examples} test images under attacks of increasing strength, ε = {PerturbationSize.Text(results.Epsilon)}. "
                    + "Whiskers: 95 % interval. Each of AutoAttack's attacks is shown together with those before it.",
                    PageCharts.Of(chart)),
                Html.Table(
                    "The same in figures", ["", "accuracy, %", "95 % interval", "forward passes per image", "backward passes per image"],
                    ladder.Select(rung => (IReadOnlyList<string>)
                    [
                        AuditTitles.Rung(rung.Name), Titles.Accuracy(rung.Accuracy), Titles.Interval(rung.AccuracyInterval),
                        Titles.Number(rung.Forward, "0.#"), Titles.Number(rung.Backward, "0.#"),
                    ]))),
            Checks(results.Findings.Checks),
            Html.Remarks(AuditTitles.Remarks(results)));
    }

    /// <summary>Charts of several classifiers: robust accuracy against each measure of saliency.</summary>
    /// <param name="names">The classifiers' names, all different.</param>
    public static XElement Saliency(IReadOnlyList<AuditResults> audits, IReadOnlyList<string> names)
    {
        (AuditResults Audit, int Index)[] measured =
        [
            .. audits.Select((audit, index) => (audit, index)).Where(entry => WhyNotDrawn(entry.audit) is null),
        ];
        XElement Panel(string title, Func<Saliency, Estimate> measure) => PageCharts.Of(new LinePanel(
            "", title, new Dictionary<double, string>(), [.. measured.Select(entry => new Line(
                names[entry.Index], entry.Index,
                [Point(measure(entry.Audit.Findings.Saliency!), entry.Audit.AutoAttack!)]))]), "accuracy under AutoAttack, %", 100);
        return Html.Section(
            "Saliency and robustness",
            measured.Length == 0 ? null : Html.Figure(
                "The paper's thesis: classifiers whose Jacobians look like images are robust. Each point is a classifier; "
                + "whiskers show the 95 % interval of its robust accuracy.",
                PageCharts.Panels(
                [
                    Panel("alignment of image and gradient", saliency => saliency.Alignment),
                    Panel("cosine of image and Jacobian", saliency => saliency.Cosine),
                    Panel("structural similarity", saliency => saliency.StructuralSimilarity),
                ])),
            Html.Remarks(audits.Select(Absence).OfType<string>()));

        string? Absence(AuditResults audit, int index) =>
            WhyNotDrawn(audit) is string reason ? $"{names[index]} is not in the charts: {reason}." : null;

        static LinePoint Point(Estimate saliency, Rung left) =>
            new(saliency.Mean, left.Accuracy, left.AccuracyInterval.Low, left.AccuracyInterval.High);
    }

    /// <summary>A comparison of several classifiers.</summary>
    /// <param name="names">The classifiers' names, all different.</param>
    public static XElement Comparison(IReadOnlyList<AuditResults> audits, IReadOnlyList<string> names)
    {
        string[] rungs = Rungs(audits);
        return Html.Section(
            "Side by side",
            audits.Select((audit, index) => Html.Of(
                "p", Html.Class($"verdict {Word(audit.Verdict.Outcome)}"), Html.Of("strong", $"{names[index]} – {audit.Verdict.Headline}: "),
                audit.Verdict.Text)),
            Html.Table(
                "Accuracy in per cent", ["", .. rungs.Select(AuditTitles.Rung), "failed checks"],
                audits.Select((audit, index) => (IReadOnlyList<string>)
                [
                    names[index],
                    .. rungs.Select(name =>
                        audit.Findings.Ladder.FirstOrDefault(rung => rung.Name == name) is Rung rung ? Titles.Accuracy(rung.Accuracy) : "–"),
                    FailedChecks(audit),
                ])),
            Html.Table(
                "Saliency, mean ± standard error", ["", "alignment", "cosine", "structural similarity"],
                audits.Select((audit, index) => (IReadOnlyList<string>)(audit.Findings.Saliency is Saliency saliency
                    ?
                    [
                        names[index], AuditTitles.Text(saliency.Alignment), AuditTitles.Text(saliency.Cosine),
                        AuditTitles.Text(saliency.StructuralSimilarity),
                    ]
                    : [names[index], "–", "–", "–"]))));
    }

    /// <summary>Why a classifier is missing from the charts of saliency; null if it is not.</summary>
    private static string? WhyNotDrawn(AuditResults audit) =>
        audit.AutoAttack is null ? "AutoAttack was not run, because its answers depend on the batch"
        : audit.Findings.Saliency is null ? "no image has a gradient that is finite and not zero" : null;

    /// <summary>Each with a mark, a word and a colour.</summary>
    private static XElement Checks(IReadOnlyList<CheckResult> checks) => Html.Scroll("Checks", Html.Of(
        "table", Html.Class("checks"),
        Html.Of("caption", "Can these figures be trusted?"),
        Html.Of("thead", Html.Of("tr", new[] { "check", "result", "finding" }.Select(title => Html.Of("th", new XAttribute("scope", "col"), title)))),
        Html.Of("tbody", checks.Select(check => Html.Of(
            "tr",
            Html.Of("th", new XAttribute("scope", "row"), check.Name),
            Html.Of("td", Html.Of("span", Html.Class($"outcome {Word(check.Outcome)}"), AuditTitles.Outcome(check.Outcome))),
            Html.Of("td", check.Verdict))))));

    /// <summary>The class of its style.</summary>
    private static string Word(CheckOutcome outcome) => outcome.ToString().ToLowerInvariant();

    private static string FailedChecks(AuditResults audit) => !audit.Findings.WereChecked ? "not checked"
        : audit.Findings.Checks.Count(check => check.Outcome == CheckOutcome.Failed) is int count and > 0 ? $"{count}" : "none";

    /// <summary>The rungs, the most important ones first, for narrow screens.</summary>
    private static string[] Rungs(IReadOnlyList<AuditResults> audits) =>
        [.. audits.SelectMany(audit => audit.Findings.Ladder.Select(rung => rung.Name)).Distinct()
            .OrderBy(name => name is AttackFigures.Clean ? 0 : name is Rung.AutoAttack ? 1 : 2)];
}
