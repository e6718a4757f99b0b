using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Runner.Reporting.Page;

/// <summary>The page of several classifiers' audits: side by side, the paper's thesis tested on them, then each alone.</summary>
public static class AuditPage
{
    /// <exception cref="UserErrorException">The page can't be written.</exception>
    public static void Write(string path, IReadOnlyList<AuditResults> audits)
    {
        string[] names = Names(audits);
        HtmlPage.Write(
            path, audits.Count == 1 ? $"Audit of {names[0]}" : $"Audit of {Counts.Text(audits.Count)} classifiers",
            [Html.Paragraph("Robust, or only apparently so? AutoAttack, checks for masked gradients, and the saliency of the Jacobians.")],
            [
                AuditSections.Comparison(audits, names), AuditSections.Saliency(audits, names),
                .. audits.Select((audit, i) => AuditSections.Of(audit, names[i], i)),
            ]);
    }

    /// <summary>Method and folder, and where two would be called alike, the whole path, and at last the settings.</summary>
    private static string[] Names(IReadOnlyList<AuditResults> audits)
    {
        Func<AuditResults, string>[] namings =
        [
            audit => $"{Titles.Method(audit.Method)} ({Path.GetFileName(Path.TrimEndingDirectorySeparator(audit.Checkpoint))})",
            audit => $"{Titles.Method(audit.Method)} ({audit.Checkpoint})",
        ];
        return namings.Select(naming => audits.Select(naming).ToArray()).FirstOrDefault(names => names.Distinct().Count() == names.Length)
            ?? [.. audits.Select(namings[^1])];
    }
}
