using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.Page;
using Jarn.Tests.Data;

namespace Jarn.Tests.Auditing;

/// <summary>Audits of other settings are kept side by side, and the largest one under the run's own conditions is shown.</summary>
public sealed class AuditStoreTests
{
    private static readonly AuditResults Usual = Results(1000);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void A_name_has_all_that_distinguishes_audits()
    {
        AuditStore store = AuditStore.Of(_folder.Path);
        AuditResults[] audits =
        [
            Usual, Usual with { Examples = 5 }, Usual with { Epsilon = 8.0 / 255 }, Usual with { Seed = 1 },
            Usual with { BnMode = BatchStatistics.Batch }, Usual with { Dataset = "a b/c" }, Usual with { Sources = ["x"] },
            Usual with { Sources = ["y"] }, Usual with { Attacks = [.. AutoAttack.Plus(ThreatModel.LInf(0.3), 0).Select(attack => attack.Name)] },
        ];
        string[] names = [.. audits.Select(audit => Path.GetFileName(store.PathOf(audit)))];
        Assert.That(names, Is.Unique);
        Assert.That(
            names.Where(name => !name.Contains("sources", StringComparison.Ordinal)),
            Is.EqualTo(new[]
            {
                "n1000-eps0.3-seed0.json", "n5-eps0.3-seed0.json", "n1000-eps8-255-seed0.json", "n1000-eps0.3-seed1.json",
                "n1000-eps0.3-seed0-bn-batch.json", "n1000-eps0.3-seed0-on-a_b_c.json", "n1000-eps0.3-seed0-plus.json",
            }));
        Assert.That(AuditTitles.Settings(audits[2]), Is.EqualTo("1000 images, ε = 8/255, seed 0"));
        Assert.That(AuditTitles.Settings(audits[^1]), Is.EqualTo("1000 images, ε = 0.3, seed 0, AutoAttack plus"));
    }

    [Test]
    public void The_largest_audit_at_the_recipes_epsilon_is_shown_and_the_others_are_named()
    {
        AuditStore store = AuditStore.Of(_folder.Path);
        Assert.That(store.Read(0.3).IsEmpty);
        store.Prepare();
        Array.ForEach(
            [
                Results(5), Usual, Results(200), Results(5000) with { Epsilon = 0.1 }, Results(5000) with { BnMode = BatchStatistics.Batch },
                Results(5000) with { Dataset = "svhn" },
            ],
            audit => store.Write(audit));
        AuditSelection audits = store.Read(0.3);
        Assert.That(audits.Shown!.Examples, Is.EqualTo(1000));
        Assert.That(audits.Others.Select(audit => audit.Examples), Is.EqualTo(new[] { 200, 5, 5000, 5000, 5000 }), "usual conditions first");
        string page = AuditSections.Of(audits)!.ToString();
        Assert.That(page,
            Does.Contain("Other audits of this classifier").And.Contains("5 images, ε = 0.3, seed 0").And.Contains("5000 images, ε = 0.1, seed 0"));
        Assert.That(string.Join('\n', AuditTitles.Beside(store, Results(5), 0.3)),
            Does.Contain("show another audit: 1000 images, ε = 0.3, seed 0").And.Contains("200 images"));

        Assert.That(store.Read(0.1).Shown!.Examples, Is.EqualTo(5000));
        AuditSelection none = store.Read(0.2);
        Assert.That((none.Shown, none.Others.Count), Is.EqualTo(((AuditResults?)null, 6)));
        Assert.That(AuditSections.Of(none)!.ToString(), Does.Contain("There is no audit under the conditions of this run"));
    }

    [Test]
    public void The_same_settings_refresh_their_file_and_no_other()
    {
        AuditStore store = AuditStore.Of(_folder.Path);
        store.Prepare();
        store.Write(Usual);
        store.Write(Results(5));
        byte[] before = File.ReadAllBytes(store.PathOf(Results(5)));
        store.Write(Usual with { Device = "another" });
        Assert.That(File.ReadAllBytes(store.PathOf(Results(5))), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(Path.Combine(_folder.Path, "audits")), Has.Length.EqualTo(2));
        Assert.That(store.Read(0.3).Shown!.Device, Is.EqualTo("another"));
    }

    [Test]
    public void An_audit_of_an_older_version_is_read_until_there_is_a_newer_one_of_its_settings()
    {
        AuditStore store = AuditStore.Of(_folder.Path);
        JsonFile.Write(_folder["audit.json"], Usual);
        Assert.That(store.Read(0.3).Shown!.Device, Is.EqualTo("cpu"));
        store.Prepare();
        store.Write(Usual with { Device = "another" });
        AuditSelection audits = store.Read(0.3);
        Assert.That((audits.Shown!.Device, audits.Others.Count), Is.EqualTo(("another", 0)));
    }

    [Test]
    public void A_damaged_file_is_named_and_hides_no_other()
    {
        AuditStore store = AuditStore.Of(_folder.Path);
        store.Prepare();
        store.Write(Usual);
        string damaged = Path.Combine(_folder.Path, "audits", "n5-eps0.3-seed0.json");
        File.WriteAllText(damaged, "{");
        AuditSelection audits = store.Read(0.3);
        Assert.That(audits.Shown, Is.Not.Null);
        Assert.That(audits.Unreadable, Is.EqualTo(new[] { damaged }));
        Assert.That(AuditSections.Of(audits)!.ToString(), Does.Contain($"{damaged} is damaged"));
    }

    [Test]
    public void Other_models_of_a_folder_and_a_runs_checkpoints_have_audits_of_their_own()
    {
        string Of(string checkpoint) => Path.GetRelativePath(_folder.Path, AuditStore.Of(_folder[checkpoint]).PathOf(Usual));
        Assert.That(Of("model.safetensors"), Is.EqualTo(Path.Combine("audits", "n1000-eps0.3-seed0.json")));
        Assert.That(Of("twin.safetensors"), Is.EqualTo(Path.Combine("audits", "twin-n1000-eps0.3-seed0.json")));
        Assert.That(Of("checkpoints/step-000200.safetensors"), Is.EqualTo(Path.Combine("audits", "step-000200-n1000-eps0.3-seed0.json")));

        AuditStore twin = AuditStore.Of(_folder["twin.safetensors"]);
        twin.Prepare();
        twin.Write(Usual);
        Assert.That(AuditStore.Of(_folder.Path).Read(0.3).IsEmpty, "the run's own model has none");
        Assert.That(twin.Read(0.3).Shown, Is.Not.Null);
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_refused_before_the_audit()
    {
        File.WriteAllText(_folder["audits"], "a file");
        Assert.That(() => AuditStore.Of(_folder.Path).Prepare(), Throws.TypeOf<UserErrorException>().With.Message.Contains("audits"));
    }

    private static AuditResults Results(int examples)
    {
        Rung clean = new("clean", 90, new Interval(85, 95), 1, 0);
        return new AuditResults(
            "runs/mnist", "standard", "mnist", "mnist", null, examples, 0.3,
            [.. AutoAttack.Standard(ThreatModel.LInf(0.3), 0).Select(attack => attack.Name)],
            Seed: 0, BatchStatistics.Running, [], 1, "cpu", Versions.Current, new AuditFindings([clean, clean with { Name = Rung.AutoAttack }],
                [new CheckResult("more-steps", CheckOutcome.Passed, "", new Dictionary<string, double>())], null));
    }
}
