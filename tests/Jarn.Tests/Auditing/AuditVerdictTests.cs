using Jarn.Models;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Page;
using Jarn.Tests.Data;

namespace Jarn.Tests.Auditing;

/// <summary>What an audit comes to in plain words, and pages of classifiers that some of it could not be measured of.</summary>
public sealed class AuditVerdictTests
{
    private static readonly Saliency Salient = new(new Estimate(1, 0.1), new Estimate(0.2, 0.01), new Estimate(0.1, 0.01), 1000);

    [Test]
    public void A_classifier_of_which_nothing_is_left_is_not_robust_however_sound_the_measurement() =>
        Verdict(Audit(0), CheckOutcome.Failed, "Not robust: AutoAttack breaks all 1000 images. The measurement looks sound: all 8 checks passed.");

    [Test]
    public void What_is_left_is_said_first() => Verdict(
        Audit(21.5), CheckOutcome.Passed,
        "21.5 % robust: AutoAttack leaves 215 of 1000 images (95 % interval: 20.0 to 23.0 %); without an attack, 90.0 % are classified correctly. "
            + "The measurement looks sound: all 8 checks passed.");

    [Test]
    public void A_failed_check_is_named() => Verdict(
        Audit(21.5, CheckOutcome.Failed), CheckOutcome.Failed,
        "21.5 % robust: AutoAttack leaves 215 of 1000 images (95 % interval: 20.0 to 23.0 %); without an attack, 90.0 % are classified correctly. "
            + "This figure cannot be trusted: 1 check failed (check-0).");

    [Test]
    public void A_doubtful_check_makes_it_amber() =>
        Assert.That(
            Audit(21.5, CheckOutcome.Doubtful, CheckOutcome.Doubtful).Verdict,
            Has.Property("Outcome").EqualTo(CheckOutcome.Doubtful)
                .And.Property("Text").EndsWith("Take the figures with care: 2 checks are doubtful (check-0, check-1)."));

    [Test]
    public void Where_AutoAttack_was_not_run_there_is_nothing_to_judge()
    {
        AuditResults audit = Audit(0, CheckOutcome.Failed);
        Verdict(
            audit with { Findings = audit.Findings with { Ladder = [audit.Findings.Ladder[0]] } }, CheckOutcome.Failed,
            "Cannot be judged: What the classifier says of an image depends on the other images of its batch, so AutoAttack was not run.");
    }

    [Test]
    public void A_page_of_classifiers_without_saliency_or_AutoAttack_is_written_and_says_why()
    {
        using TemporaryFolder folder = new();
        AuditResults constant = Audit(0) with { Checkpoint = "runs/constant" };
        AuditResults dependent = Audit(0, CheckOutcome.Failed) with { Checkpoint = "runs/dependent" };
        constant = constant with { Findings = constant.Findings with { Saliency = null } };
        dependent = dependent with { Findings = dependent.Findings with { Ladder = [dependent.Findings.Ladder[0]] } };
        AuditPage.Write(folder["one.html"], [constant]);
        AuditPage.Write(folder["two.html"], [constant, dependent]);
        Assert.That(File.ReadAllText(folder["one.html"]),
            Does.Contain("Standard (constant) is not in the charts: no image has a gradient that is finite and not zero."));
        Assert.That(File.ReadAllText(folder["two.html"]), Does.Contain("Standard (dependent) is not in the charts: AutoAttack was not run"));
    }

    [Test]
    public void Classifiers_of_one_method_have_names_and_colours_of_their_own()
    {
        AuditResults[] audits = [Audit(10) with { Checkpoint = "a/run" }, Audit(20) with { Checkpoint = "b/run" }];
        using TemporaryFolder folder = new();
        AuditPage.Write(folder["page.html"], audits);
        string page = File.ReadAllText(folder["page.html"]);
        Assert.That(page, Does.Contain("Standard (a/run)").And.Contains("Standard (b/run)"));
        string saliency = AuditSections.Saliency(audits, ["one", "two"]).ToString();
        Assert.That(saliency, Does.Contain("\"name\":\"one\"").And.Contains("\"name\":\"two\"").And.Contains("\"showlegend\":true"));
        Assert.That(saliency, Does.Contain(ChartStyle.Series(0).ToHex()).And.Contains(ChartStyle.Series(1).ToHex()));
    }

    [Test]
    public void Checks_have_a_mark_and_a_word_on_the_page()
    {
        string page = AuditSections.Of(Audit(10, CheckOutcome.Failed, CheckOutcome.Doubtful)).ToString();
        Assert.That(page, Does.Contain("✓ passed").And.Contains("✗ failed").And.Contains("? doubtful").And.Contains("class=\"verdict failed\""));
    }

    private static void Verdict(AuditResults audit, CheckOutcome outcome, string text)
    {
        Assert.That(audit.Verdict.ToString(), Is.EqualTo(text));
        Assert.That(audit.Verdict.Outcome, Is.EqualTo(outcome));
    }

    private static AuditResults Audit(double left, params CheckOutcome[] outcomes)
    {
        CheckResult[] checks = [.. Enumerable.Range(0, 8).Select(i => new CheckResult(
            $"check-{i}", i < outcomes.Length ? outcomes[i] : CheckOutcome.Passed, "", new Dictionary<string, double>()))];
        Rung clean = new("clean", 90, new Interval(88, 92), 1, 0);
        Rung autoAttack = new(Rung.AutoAttack, left, new Interval(Math.Max(0, left - 1.5), left + 1.5), 10, 5);
        return new AuditResults(
            "runs/mnist", "standard", "mnist", "mnist", null, 1000, 0.3,
            [.. AutoAttack.Standard(ThreatModel.LInf(0.3), 0).Select(attack => attack.Name)], Seed: 0, BatchStatistics.Running, [], 1, "cpu",
            Versions.Current, new AuditFindings([clean, autoAttack], checks, Salient));
    }
}
