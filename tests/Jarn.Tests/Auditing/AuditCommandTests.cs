using System.Text.Json;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Data;
using Jarn.Tests.Runner;

namespace Jarn.Tests.Auditing;

/// <summary>A short run on drawn digits, which no attack leaves anything of, and audits of it.</summary>
public sealed class AuditCommandTests
{
    private TemporaryFolder _folder = null!;

    private string Run => _folder["run"];

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        Assert.That(CommandLineInterface.Run(
        [
            "--method", "standard", "--data", "sketch", "--device", "cpu", "--epochs", "1", "--limit-train", "1000", "--limit-test", "10",
            "--attacks", "fgsm", "--output", Run, "--report", "off", "--quiet",
        ]), Is.Zero);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TearDown]
    public void DeleteAudits() => Array.ForEach(
        [.. Audits("*"), .. Directory.GetFiles(Run, "a*"), .. Directory.GetFiles(_folder.Path, "*.html")], File.Delete);

    [Test]
    public void An_audit_leaves_a_file_of_documented_keys()
    {
        Audit("--checkpoint", Run, "--source", Path.Combine(Run, "model.safetensors"));
        string path = Audits("n20-eps0.3-seed0-sources-????????.json").Single();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
        Assert.That(Keys(json.RootElement), Is.EqualTo(new[]
        {
            "checkpoint", "method", "trained_on", "dataset", "stand_in_reason", "examples", "epsilon", "attacks", "seed", "bn_mode", "sources",
            "seconds", "device", "versions", "findings",
        }));
        JsonElement findings = json.RootElement.GetProperty("findings");
        Assert.That(Keys(findings), Is.EqualTo(new[] { "ladder", "checks", "saliency" }));
        Assert.That(Keys(findings.GetProperty("ladder")[0]), Is.EqualTo(new[] { "name", "accuracy", "accuracy_interval", "forward", "backward" }));
        Assert.That(Keys(findings.GetProperty("checks")[0]), Is.EqualTo(new[] { "name", "outcome", "verdict", "figures" }));
        Assert.That(Keys(findings.GetProperty("saliency")), Is.EqualTo(new[] { "alignment", "cosine", "structural_similarity", "examples" }));
        AuditResults results = JsonFile.Read<AuditResults>(path);
        Assert.That(
            results.Findings.Ladder.Select(rung => rung.Name),
            Is.EqualTo(new[] { "clean", "fgsm", "pgd20", "pgd20 ×10", "pgd20-margin ×10", "apgd-ce", "apgd-t", "fab-t", "square", "autoattack" }));
        Assert.That((results.AutoAttack!.Accuracy, results.Examples, results.Epsilon, results.Attacks.Count), Is.EqualTo((0.0, 20, 0.3, 4)));
        Assert.That(
            results.Verdict.ToString(),
            Is.EqualTo(
                "Not robust: AutoAttack breaks all 20 images. Whether the measurement is sound was not checked: that takes at least 100 images."));
        Assert.That(results.Findings.Checks.Select(check => check.Outcome), Is.All.EqualTo(CheckOutcome.Skipped));
        Assert.That(
            results.Findings.Checks.Select(check => check.Verdict), Is.All.EqualTo("too few images to judge: 20, and at least 100 are needed"));
        Assert.That(results.StandInReason, Is.Not.Null);
    }

    [Test]
    public void The_same_audit_again_has_the_same_findings_and_does_not_attack_again()
    {
        Audit("--checkpoint", Run);
        string state = Audits("autoattack-*.safetensors").Single();
        AuditResults first = JsonFile.Read<AuditResults>(Audits("n20-eps0.3-seed0.json").Single());
        File.SetAttributes(state, FileAttributes.ReadOnly);
        DateTime written = File.GetLastWriteTimeUtc(state);
        Audit("--checkpoint", Run);
        AuditResults second = JsonFile.Read<AuditResults>(Audits("*.json").Single());
        File.SetAttributes(state, FileAttributes.Normal);
        Assert.That(File.GetLastWriteTimeUtc(state), Is.EqualTo(written));
        Assert.That(JsonSerializer.Serialize(second.Findings), Is.EqualTo(JsonSerializer.Serialize(first.Findings)));
        Audit("--checkpoint", Run, "--seed", "1");
        Assert.That(Audits("autoattack-*.safetensors"), Has.Length.EqualTo(2), "another seed, another file");
        Assert.That(Audits("*.json").Select(Path.GetFileName), Is.EquivalentTo(new[] { "n20-eps0.3-seed0.json", "n20-eps0.3-seed1.json" }));
    }

    [Test]
    public void Several_classifiers_are_set_side_by_side_on_a_page()
    {
        Directory.CreateDirectory(_folder["twin"]);
        File.Copy(Path.Combine(Run, "model.safetensors"), Path.Combine(_folder["twin"], "model.safetensors"), overwrite: true);
        Audit("--checkpoint", Run, _folder["twin"], "--output", _folder["audit.html"]);
        string page = File.ReadAllText(_folder["audit.html"]);
        Assert.That(page, Does.Contain("Audit of 2 classifiers").And.Contains("Standard (run)").And.Contains("Standard (twin)")
            .And.Contains("structural similarity"));
        Assert.That(File.Exists(Path.Combine(_folder["twin"], "audits", "n20-eps0.3-seed0.json")));
    }

    [Test]
    public void A_runs_page_takes_its_audit_in()
    {
        string page = Path.Combine(Run, "report.html");
        File.WriteAllText(page, "as it was");
        Audit("--checkpoint", Run);
        Assert.That(File.ReadAllText(page), Does.Contain("Can these figures be trusted?").And.Contains("AutoAttack breaks all 20 images."));
        File.Delete(page);
    }

    [TestCase("jarn audit needs --checkpoint PATH")]
    [TestCase("cannot read /no/such/model", "--checkpoint", "/no/such/model")]
    [TestCase("--examples is 0", "--checkpoint", "RUN", "--examples", "0")]
    [TestCase("--version is best: give plus or standard", "--checkpoint", "RUN", "--version", "best")]
    [TestCase("--bn-mode is train: give batch or running", "--checkpoint", "RUN", "--bn-mode", "train")]
    [TestCase("--epsilon is 2", "--checkpoint", "RUN", "--epsilon", "2")]
    [TestCase("cannot read /no/such/source", "--checkpoint", "RUN", "--source", "/no/such/source")]
    [TestCase("--output is RUN/results.json: give a file name that ends in .html or .htm", "--checkpoint", "RUN", "--output", "RUN/results.json")]
    public void Bad_input_is_answered_with_a_sentence(string sentence, params string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(["audit", .. arguments.Select(Here)]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("jarn: ").And.Contains(Here(sentence)));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));

        string Here(string text) => text.Replace("RUN", Run, StringComparison.Ordinal);
    }

    private string[] Audits(string pattern) =>
        Directory.Exists(Path.Combine(Run, "audits")) ? Directory.GetFiles(Path.Combine(Run, "audits"), pattern) : [];

    private static void Audit(params string[] options) =>
        Assert.That(CommandLineInterface.Run(["audit", .. options, "--examples", "20", "--device", "cpu", "--quiet"]), Is.Zero);

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
