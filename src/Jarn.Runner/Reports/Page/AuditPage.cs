using Jarn.Runner.Auditing;
using Jarn.Runner.Reproduction;

namespace Jarn.Runner.Reports.Page;

/// <summary>The page of several classifiers' audits: side by side, the paper's thesis tested on them, then each alone.</summary>
public static class AuditPage
{
    /// <exception cref="UserErrorException">It can't be written.</exception>
    public static void Write(string path, IReadOnlyList<AuditResults> audits) => HtmlPage.Write(
        path, $"Audit of {Titles.Count(audits.Count)} classifiers",
        [Html.Paragraph("Whether they are robust, or only look so: AutoAttack, checks for masked gradients, and the saliency of their Jacobians.")],
        [AuditSections.Comparison(audits), AuditSections.Saliency(audits), .. audits.Select(audit => AuditSections.Of(audit, AuditSections.Name(audit)))]);
}
