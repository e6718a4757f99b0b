using System.Text.Json.Nodes;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.Reproduction;
using Jarn.Tests.Data;
using Jarn.Tests.Export;
using Jarn.Tests.Runner;
using SkiaSharp;

namespace Jarn.Tests.Reproduction;

/// <summary>Targets on a few drawn digits, from the command line to the files.</summary>
public sealed class ReproduceCommandTests
{
    private TemporaryFolder _folder = null!;

    private string[] Runs => [.. Directory.GetDirectories(_folder["runs"]).Select(run => Path.GetFileName(run)!).Order()];

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_table_is_made_once_and_then_only_measured_anew()
    {
        Reproduce("table1", "--seeds", "2", "--methods", "standard,jarn", "--attacks", "fgsm,pgd5");

        string[] runs = Runs;
        Assert.That(runs.Select(run => run[..^11]),
            Is.EqualTo(new[] { "mnist-sketch-jarn-seed0", "mnist-sketch-jarn-seed1", "mnist-sketch-standard-seed0", "mnist-sketch-standard-seed1" }));
        string[] csv = File.ReadAllLines(_folder["out/table1.csv"]);
        Assert.That(csv[0], Does.StartWith("target,dataset,preset,model,method,seed,attack,epsilon,source,accuracy,"));
        Assert.That(csv.Skip(1).Select(row => string.Join(' ', row.Split(',')[4..9])), Is.EqualTo(
            from method in new[] { "standard", "jarn" }
            from attack in new[] { "clean 0", "fgsm 0.3", "pgd5 0.3" }
            from seed in new[] { 0, 1 }
            select $"{method} {seed} {attack} white-box"));
        string[] page = File.ReadAllLines(_folder["out/table1.md"]);
        Assert.That(page, Has.Some.Contains("mnist-sketch: drawn images, NOT MNIST"));
        Assert.That(page, Has.Some.Contains("seeds 0 to 1"));
        Assert.That(page, Does.Contain("|  | Clean | lowest | FGSM | PGD-5 |"));
        double[] clean = [.. csv.Where(row => row.Contains(",standard,") && row.Contains(",clean,")).Select(row => double.Parse(row.Split(',')[9]))];
        string standard = page.Single(line => line.StartsWith("| **Standard**", StringComparison.Ordinal));
        Assert.That(standard, Does.Match(
            @"^\| \*\*Standard\*\* \| \d+\.\d\d ± \d+\.\d\d \| \d+\.\d\d ± \d+\.\d\d \((FGSM|PGD-5)\) (\| \d+\.\d\d ± \d+\.\d\d ){2}\|$"));
        Assert.That(standard, Does.Contain($"| {clean.Average():0.00} ± {Math.Abs(clean[0] - clean[1]) / Math.Sqrt(2):0.00} |"));
        Assert.That(page, Has.None.StartsWith("| paper"), "the paper measured other images");
        using SKBitmap picture = SKBitmap.Decode(_folder["out/table1.png"]);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((2 * 16 + 130 + (3 * 210), 16 + 32 + (3 * 20) + 8 + (2 * 46) + 34 + 48 + 16)));

        DateTime[] written = [.. runs.Select(run => File.GetLastWriteTimeUtc(_folder[$"runs/{run}/model.safetensors"]))];
        File.Delete(_folder["out/table1.csv"]);
        Reproduce("table1", "--seeds", "2", "--methods", "standard,jarn", "--attacks", "fgsm,pgd5");
        Assert.That(File.ReadAllLines(_folder["out/table1.csv"]), Is.EqualTo(csv));
        Assert.That(
            Directory.GetFiles(_folder["runs"], "evaluations.json", SearchOption.AllDirectories), Is.Empty, "all that was asked for was known");

        Reproduce("table1", "--seeds", "1", "--methods", "standard", "--attacks", "fgsm,pgd2-margin", "--threads", "1");
        Assert.That(File.ReadAllLines(_folder["out/table1.csv"])[1..], Has.Length.EqualTo(3));
        Assert.That(File.ReadAllLines(_folder["out/table1.csv"]), Has.Member(csv[1]).And.Member(csv[3]).And.Some.Contains(",pgd2-margin,0.3,"));
        Assert.That(File.ReadAllText(_folder[$"runs/{runs[2]}/evaluations.json"]), Does.Contain("pgd2-margin").And.Not.Contains("fgsm"));
        Assert.That(Runs, Is.EqualTo(runs));
        Assert.That(
            runs.Select(run => File.GetLastWriteTimeUtc(_folder[$"runs/{run}/model.safetensors"])), Is.EqualTo(written), "no run was made again");
    }

    [Test]
    public void A_figure_shows_every_class_and_every_model_asked_for()
    {
        Reproduce("figure4", "--dataset", "mnist", "--methods", "jarn,standard");

        string[] csv = File.ReadAllLines(_folder["out/figure4.csv"]);
        Assert.That(csv, Has.Length.EqualTo(1 + (2 * 10)));
        Assert.That(csv[1..11].Select(row => row.Split(',')[3..7] is [var model, _, _, var label] ? $"{model} {label}" : row),
            Is.EqualTo(Enumerable.Range(0, 10).Select(label => $"Standard {label}")));
        Assert.That(csv[11..].Select(row => row.Split(',')[3]), Is.All.EqualTo("JARN"));
        Assert.That(csv[1..].Select(row => double.Parse(row.Split(',')[8])), Is.All.InRange(0, 1));
        using SKBitmap picture = SKBitmap.Decode(_folder["out/figure4.png"]);
        Assert.That(picture.Height, Is.GreaterThan(3 * 3 * 28));
        Assert.That(picture.Width, Is.GreaterThan(10 * 3 * 28));
    }

    [Test]
    [Category(TestCategory.Thorough)]
    public void The_other_targets_share_their_runs()
    {
        string[] jarn = ["--dataset", "mnist", "--attacks", "fgsm", "--discriminator-widths", "8,8"];
        string[] options = [.. jarn, "--training-attack-iterations", "2"];
        Reproduce("table4", options);
        Assert.That(Runs, Has.Length.EqualTo(4));
        string[][] costs = Rows("table4");
        Assert.That(costs.Select(row => row[4]), Is.EqualTo(new[] { "pgd-at7", "jarn-at1", "fgsm-at1", "jarn" }));
        Assert.That(costs.Select(row => double.Parse(row[10])), Is.EqualTo(new[] { 3.0, (2 + 2 + 2 + 4) / 4.0, 2.0, (1 + 1 + 1 + 3) / 4.0 }),
            "JARN's last of four steps is adversarial");
        Assert.That(costs.Select(row => double.Parse(row[11])), Is.EqualTo(costs.Select(row => double.Parse(row[10]) / 3)));
        Assert.That(costs.Select(row => row[12]), Is.EqualTo(new[] { "704", "294", "267", "217" }));
        Assert.That(double.Parse(costs[0][9]), Is.EqualTo(1));

        Reproduce("table5", [.. options, "--methods", "jarn"]);
        Assert.That(Runs, Has.Length.EqualTo(5), "JARN's twin");
        string[][] transfer = Rows("table5");
        Assert.That(transfer.Select(row => $"{row[6]} {row[8]}"), Is.EqualTo(new[]
        {
            "clean white-box", "fgsm PGD-AT7", "pgd20 PGD-AT7", "fgsm same method", "pgd20 same method", "fgsm white-box", "pgd20 white-box",
            "fgsm-margin white-box", "pgd20-margin white-box",
        }));
        Assert.That(transfer.Select(row => $"{row[4]} {row[5]}"), Is.All.EqualTo("jarn 0"));

        Reproduce("figure2", options);
        Assert.That(Runs, Has.Length.EqualTo(6), "PGD-AT7 on larger perturbations");
        string[][] sweep = Rows("figure2");
        Assert.That(sweep, Has.Length.EqualTo(3 * (1 + (3 * 8))));
        IEnumerable<string> attacked =
            from attack in new[] { "pgd5", "pgd10", "pgd20" } from eighth in Enumerable.Range(1, 8) select $"{attack} {0.075 * eighth:0.###}";
        Assert.That(sweep[..25].Select(row => $"{row[6]} {double.Parse(row[7]):0.###}"), Is.EqualTo((string[])["clean 0", .. attacked]));
        Assert.That(sweep[50..].Select(row => row[3]), Is.All.EqualTo("\"PGD-AT7"), "a quoted title with a comma");
        Assert.That(File.ReadAllLines(_folder["out/figure2.md"]), Has.Some.StartWith("| 0 | ").And.Some.StartWith("| 0.6 | "));

        Reproduce("figure3", [.. options, "--methods", "jarn,pgd-at7"]);
        string[][] surface = Rows("figure3");
        Assert.That(surface, Has.Length.EqualTo(2 * 41 * 41));
        string[] origin = surface.First(row => (row[5], row[6]) == ("0", "0"));
        Assert.That(File.ReadAllLines(_folder["out/figure3.md"]), Has.Some.StartWith($"| JARN | {double.Parse(origin[7]):0.000} | "));

        Reproduce("figure5", jarn);
        Assert.That(Runs, Has.Length.EqualTo(6 + 4 + 2 + 3), "the usual one is there: the attack of another method is no setting of JARN's");
        Assert.That(File.ReadAllLines(_folder["out/figure5.md"]).Where(line => line.Contains("batch size")).Select(line => line.Split('|')[2].Trim()),
            Is.EqualTo(new[] { "8", "16", "32" }));

        foreach (string name in new[] { "table4", "table5", "figure2", "figure3", "figure5" })
        {
            using SKBitmap picture = SKBitmap.Decode(_folder[$"out/{name}.png"]);
            Assert.That((picture.Width, picture.Height), Is.GreaterThan((400, 200)), name);
            Assert.That(File.ReadAllText(_folder[$"out/{name}.md"]), Does.Contain($"({name}.png)").And.Contains("NOT MNIST").And.Not.Contains("†"));
            Assert.That(Rows(name).Select(row => row[^1]), Is.All.Empty, name);
        }

        OverfitAllRuns();
        foreach ((string name, string method, string row) in new[]
        {
            ("table1", "jarn", "| **JARN †** |"), ("table4", "pgd-at7,fgsm-at1", "| FGSM-AT1 † |"), ("table5", "jarn", "| **JARN †** |"),
            ("figure2", "pgd-at7", ": PGD-AT7 † |"), ("figure3", "jarn", "| JARN † |"), ("figure4", "jarn", "| JARN † |"),
            ("figure5", "jarn", "| batch size | 8 † |"),
        })
        {
            // Only what one of the target's classifiers uses; table1 has its data set.
            string[] used = ["--attacks", "fgsm", .. name == "table1" ? [] : jarn[..2],
                .. method.Contains("jarn") ? jarn[4..] : [], .. method.Contains("pgd-at7") || name == "table5" ? options[6..] : []];
            Reproduce(name, [.. used, "--methods", method, "--report", "on"]);
            string sentence = $"†\u00A0{Titles.Method(method.Split(',')[^1])}, seed 0: catastrophic overfitting from step 3 (epoch 1). "
                + "Of 64 training images 91 % withstand FGSM, but only 2 % withstand PGD.";
            Assert.That(File.ReadAllText(_folder[$"out/{name}.md"]), Does.Contain($"**{sentence}**").And.Contains(row), name);
            Assert.That(File.ReadAllText(_folder["out/report.html"]), Does.Contain($"<p class=\"notice\"><strong>{sentence}</strong></p>"), name);
            Assert.That(Rows(name).Select(cells => cells[^1]), Is.All.EqualTo("3"), name);
        }
        Assert.That(Runs, Has.Length.EqualTo(6 + 4 + 2 + 3), "none was made again");
    }

    [Test]
    public void The_papers_figures_stand_beside_those_of_real_images()
    {
        foreach ((string name, byte[] content) in IdxFiles.Set())
        {
            _folder.Write($"data/{name}", content);
        }
        Make();
        string[] page = File.ReadAllLines(_folder["out/table1.md"]);
        Assert.That(page, Does.Contain("- Data: MNIST: 30 of 60 000 training images, 20 of 10 000 test images."));
        Assert.That(page, Does.Contain("|  | Clean | lowest | FGSM | PGD-5 | PGD-40 | FGSM, margin loss | PGD-40, margin loss |"));
        Assert.That(page, Does.Contain("| paper | 98.8 | 98.1 | 98.4 | 98.1 | 98.1 |  |  |"));
        Assert.That(Rows("table1").Select(row => $"{row[6]} {row[13]}"), Is.EqualTo(
            new[] { "clean 98.8", "fgsm 98.4", "pgd5 98.1", "pgd40 98.1", "fgsm-margin ", "pgd40-margin " }));
        string run = _folder[$"runs/{Runs.Single()}"];
        Assert.That(
            File.ReadAllText(Path.Combine(run, "results.json")), Does.Contain("\"pgd40\"").And.Not.Contain("margin"), "the run is what it was");
        Assert.That(File.ReadAllText(Path.Combine(run, "evaluations.json")), Does.Contain("fgsm-margin").And.Contain("pgd40-margin"));

        AuditStore audits = AuditStore.Of(run);
        audits.Prepare();
        audits.Write(new AuditResults(
            run, "jarn", "mnist", "mnist", null, 10, 0.3, ["apgd-ce"], 0, BatchStatistics.Running, [], 1, "cpu", Versions.Current,
            new AuditFindings(
                [new Rung("clean", 98, new Interval(97, 99), 1, 0), new Rung(Rung.AutoAttack, -1, new Interval(0, 2), 1, 1)], [], null)));
        Make();
        Assert.That(File.ReadAllLines(_folder["out/table1.md"]), Has.Some.StartWith("| **JARN** |").And.Some.Contains("| -1.00 (AutoAttack) |"),
            "lower than all others");
        Assert.That(Rows("table1")[^1][6], Is.EqualTo("autoattack"));
        Assert.That(Runs, Has.Length.EqualTo(1));

        Assert.That(page, Has.Some.Contains("0.26 %"));

        void Make() => Assert.That(CommandLineInterface.Run(
            [
                "reproduce", "table1", "--data-dir", _folder["data"], "--methods", "jarn", "--epochs", "1", "--report", "off", "--quiet", "--runs",
                _folder["runs"], "--output", _folder["out"],
            ]), Is.Zero);
    }

    [TestCase("jarn reproduce takes one target")]
    [TestCase("jarn reproduce takes one target", "table1", "table2")]
    [TestCase("there is nothing called table7 to reproduce: give table1, table2, table3, table4, table5, figure2, figure3, figure4, figure5 or all",
        "table7")]
    [TestCase("--methods names pgd-at7, which table1 does not have: give some of standard, uniform-noise, jarn", "table1", "--methods",
        "jarn,pgd-at7")]
    [TestCase("--methods goes with one target", "all", "--methods", "jarn")]
    [TestCase("--dataset is svhn, and table1 is of mnist", "table1", "--dataset", "svhn")]
    [TestCase("there is no data set imagenet", "figure4", "--dataset", "imagenet")]
    [TestCase("--seeds is 0: give a number from 1 to 1000", "table1", "--seeds", "0")]
    [TestCase("--lambda-adv is 0, and figure5 multiplies it", "figure5", "--lambda-adv", "0")]
    [TestCase("--epochs is 0", "table1", "--epochs", "0")]
    [TestCase("--trades-beta has no effect with the method standard, uniform-noise or jarn: it is for the method trades", "table1",
        "--trades-beta", "2")]
    [TestCase("--width has no effect with --network mnist-cnn: it is for --network wide-resnet", "table1", "--width", "2")]
    [TestCase("--seeds has no effect with figure3", "figure3", "--dataset", "mnist", "--seeds", "2")]
    [TestCase("did you mean table1?", "tabel1")]
    public void Bad_input_is_a_sentence(string sentence, params string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(
            ["reproduce", .. arguments, "--data", "sketch", "--runs", _folder["runs"], "--output", _folder["out"]]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("jarn: ").And.Contains(sentence));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_refused_before_anything_is_trained([Values("--output", "--runs")] string option)
    {
        string file = _folder.Write("file", []);
        (string runs, string output) = option == "--runs"
            ? (Path.Combine(file, "runs"), _folder["out"])
            : (_folder["runs"], Path.Combine(file, "out"));
        (int exitCode, string error) = CommandLineTests.Run(["reproduce", "table1", .. Short, "--runs", runs, "--output", output]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("cannot write to the folder").And.Contains($"choose another for {option}"));
        Assert.That(Directory.Exists(_folder["runs"]), Is.False);
    }

    private static readonly string[] Short =
        ["--data", "sketch", "--device", "cpu", "--epochs", "1", "--limit-train", "64", "--limit-test", "40", "--batch-size", "16", "--quiet"];

    /// <summary>The cells of a CSV file; quotes are not looked into.</summary>
    private string[][] Rows(string target) => [.. File.ReadAllLines(_folder[$"out/{target}.csv"]).Skip(1).Select(row => row.Split(','))];

    private void Reproduce(string target, params string[] options) => Classifiers.RunForOutput(
    [
        "reproduce", target, .. Short, .. options.Contains("--report") ? [] : new[] { "--report", "off" }, "--runs", _folder["runs"], "--output",
        _folder["out"], .. options,
    ]);

    /// <summary>As if the training of every run had been found to overfit catastrophically.</summary>
    private void OverfitAllRuns()
    {
        foreach (string run in Runs)
        {
            string path = _folder[$"runs/{run}/results.json"];
            JsonNode results = JsonNode.Parse(File.ReadAllText(path))!;
            results["catastrophic_overfitting"] = JsonNode.Parse(
                """{ "step": 3, "epoch": 1, "images": 64, "fgsm_accuracy": 91, "pgd_accuracy": 2 }""");
            File.WriteAllText(path, results.ToJsonString());
        }
    }
}
