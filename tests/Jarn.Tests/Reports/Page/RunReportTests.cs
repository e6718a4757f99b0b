using System.Text.RegularExpressions;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.Page;
using Jarn.Tests.Data;

namespace Jarn.Tests.Reports.Page;

/// <summary>What a run's page says, and what it leaves unsaid.</summary>
public sealed partial class RunReportTests
{
    private static readonly Sweep _sweep = new(20, [0, 0.3], [("pgd20", [Result(15), Result(2)]), ("pgd20-margin", [Result(15), Result(0)])]);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void The_papers_figures_stand_beside_those_of_real_images()
    {
        string page = Page(standIn: null);
        Assert.That(page, Does.Contain("<title>JARN on MNIST</title>"));
        Assert.That(Row(page, "PGD-40"), Is.EqualTo(new[] { "12.50", "10.00 to 15.00", "66.30", "98.1", "−85.60" }));
        Assert.That(Row(page, "Clean"), Is.EqualTo(new[] { "98.51", "98.00 to 99.00", "", "98.8", "−0.29" }));
        Assert.That(page, Does.Contain("surviving it is no sign of robustness").And.Contain("JARN is no certified defence"));
        Assert.That(page, Does.Not.Contain("class=\"notice\""));
    }

    [Test]
    public void Catastrophic_overfitting_is_said_before_all_figures()
    {
        string page = Page(standIn: null, new CatastrophicOverfitting(120, 2, 100, FgsmAccuracy: 91, PgdAccuracy: 3));
        Assert.That(page, Does.Contain(
            "<p class=\"notice\"><strong>CATASTROPHIC OVERFITTING since step 120 (epoch 2): of 100 training images, 91 % are still classified "
            + "correctly under FGSM, but only 3 % under PGD-10. The classifier has overfitted to the one-step attack that it is trained with: "
            + "its accuracy under FGSM is not a sign of robustness.</strong></p>"));
        Assert.That(page.IndexOf("CATASTROPHIC", StringComparison.Ordinal), Is.LessThan(page.IndexOf("Clean accuracy", StringComparison.Ordinal)));
    }

    [Test]
    public void Drawn_images_are_named_and_have_no_paper_beside_them()
    {
        string page = Page(standIn: "Drawn digits stand in for MNIST: <nothing> was found");
        Assert.That(page, Does.Contain("<title>JARN on mnist-sketch</title>"));
        Assert.That(page, Does.Contain(
            "<p class=\"notice\"><strong>Drawn images, NOT mnist: these figures say nothing about it.</strong> Drawn digits stand in for MNIST: "
            + "&lt;nothing&gt; was found.</p>"));
        Assert.That(Row(page, "PGD-40"), Is.EqualTo(new[] { "12.50", "10.00 to 15.00", "66.30" }));
        Assert.That(page, Does.Not.Contain("class=\"paper\"").And.Not.Contain("98.1"));
    }

    [Test]
    public void What_was_measured_for_the_page_is_on_it_and_what_was_left_out_is_said_to_be()
    {
        string page = Page(standIn: null);
        Assert.That(Row(page, "0.3"), Is.EqualTo(new[] { "10.0", "0.0" }));
        Assert.That(page, Does.Contain("Measured on the first 20 of 10000 test images."));
        Assert.That(page, Does.Contain("Not measured: it would have taken too long on this device."));
        Assert.That(page, Does.Contain("True: <strong>7</strong>. Predicted: 7 (99\u00A0%). Under attack: 3 (80\u00A0%)."));
        Assert.That(Pictures().Count(page), Is.EqualTo(4));
        Assert.That(page, Does.Contain("The gradient is exactly zero: the attack had nothing to follow."));
    }

    [Test]
    public void A_prediction_from_logits_that_are_not_finite_is_none() =>
        Assert.That(new Verdict("7", double.NaN).InWords, Is.EqualTo("none (the logits are not finite)"));

    [Test]
    public void The_first_card_is_the_lowest_accuracy_under_any_attack()
    {
        Assert.That(FirstCard(Page(standIn: null)), Is.EqualTo(("0.0 %", "PGD-20, margin loss on 20 images; 95 %: 0.0 to 16.1")), "of the sweep");
        Measurement later = Measured("fgsm-margin", 0.3, 0.5, 10_000);
        string page = Page(standIn: null, sweep: null, known: [Measured("pgd40", 0.4, 0.1, 10_000), later]);
        Assert.That(FirstCard(page), Is.EqualTo(("0.5 %", "FGSM, margin loss on 10 000 images; 95 %: 0.4 to 0.6")),
            "measured later; another ε does not count");
        page = Page(standIn: null, sweep: null, known: [later], audit: Audit(0.3, 0.2));
        Assert.That(FirstCard(page), Is.EqualTo(("0.2 %", "AutoAttack on 1 000 images; 95 %: 0.1 to 1.0")), "of an audit");
        Assert.That(FirstCard(Page(standIn: null, sweep: null, audit: Audit(0.4, 0.2))),
            Is.EqualTo(("12.5 %", "PGD-40 on 10 000 images; 95 %: 10.0 to 15.0")), "of the run");

        static (string, string) FirstCard(string page)
        {
            Match card = Regex.Match(page, "<dl class=\"key-figures\"><div><dt>Lowest accuracy under attack</dt><dd>(.*?)</dd><dd>(.*?)</dd>");
            return (card.Groups[1].Value, card.Groups[2].Value);
        }
        static Measurement Measured(string attack, double epsilon, double accuracy, int images) => new(
            new MeasurementKey(attack, epsilon, 0, images, BatchStatistics.Running, 1, null), accuracy,
            new Interval(accuracy - 0.1, accuracy + 0.1), 0);
        static AuditResults Audit(double epsilon, double accuracy) => new(
            "runs/x", "jarn", "mnist", "mnist", null, 1000, epsilon, ["apgd-ce"], 0, BatchStatistics.Running, [], 1, "cpu", Versions.Current,
            new AuditFindings(
                [
                    new Rung("clean", 98, new Interval(97, 99), 1, 0), new Rung("apgd-ce", 1, new Interval(0.5, 2), 1, 1),
                    new Rung(Rung.AutoAttack, accuracy, new Interval(0.1, 1), 1, 1),
                ], [], null));
    }

    [Test]
    public void Every_option_is_on_the_page()
    {
        string page = Page(standIn: null);
        Assert.That(Row(page, "learning rate"), Is.EqualTo(new[] { "0.001" }));
        Assert.That(Row(page, "learning rate drops"), Is.EqualTo(new[] { "0.9" }));
        Assert.That(Row(page, "sha256"), Is.EqualTo(new[] { "ab01" }));
        Assert.That(Row(page, "parameters"), Is.EqualTo(new[] { "1 028 618" }));
    }

    [Test]
    public void A_damaged_table_of_metrics_is_named()
    {
        File.WriteAllText(_folder["metrics.csv"], "step,classification_loss\n20,0.5\n40,much\n");
        Assert.That(() => MetricsCsv.Read(_folder["metrics.csv"]),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("line 3: 'much' is not a number"));
        Assert.That(() => MetricsCsv.Read(_folder["absent.csv"]), Throws.TypeOf<UserErrorException>());
    }

    [Test]
    public void A_run_that_was_made_without_its_page_gets_it_later_from_the_same_images_alone()
    {
        foreach ((string name, byte[] content) in IdxFiles.Set())
        {
            _folder.Write($"data/{name}", content);
            _folder.Write($"other/{name}", name.StartsWith("t10k-images", StringComparison.Ordinal) ? IdxFiles.Images(20, seed: 3) : content);
        }
        string run = _folder["run"];
        int Jarn(params string[] arguments)
        {
            int code = 0;
            TestConsole.Said(() => code = CommandLineInterface.Run([.. arguments, "--quiet", "--device", "cpu"]));
            return code;
        }
        Assert.That(Jarn(
            "train", "--method", "standard", "--epochs", "1", "--attacks", "fgsm", "--data-dir", _folder["data"], "--report", "off",
            "--output", run), Is.Zero);
        Assert.That(Path.Exists(Path.Combine(run, "report.html")), Is.False);
        Assert.That(Jarn("report", "--checkpoint", run, "--data-dir", _folder["other"]), Is.EqualTo(2), "other test images");
        Assert.That(Path.Exists(Path.Combine(run, "report.html")), Is.False);
        Assert.That(Jarn("report", "--checkpoint", run, "--images", "3"), Is.Zero);
        Assert.That(File.ReadAllText(Path.Combine(run, "report.html")),
            Does.Contain("Measured on the first 3 of 20 test images.").And.Contain("Mean cross-entropy around 10 test images"));
        Assert.That(Jarn("report", "--checkpoint", _folder["absent"]), Is.EqualTo(2));
    }

    /// <summary>A page's text without its scripts.</summary>
    private string Page(string? standIn, CatastrophicOverfitting? overfitting = null) => Page(standIn, _sweep, overfitting);

    private string Page(
        string? standIn, Sweep? sweep, CatastrophicOverfitting? overfitting = null, IReadOnlyList<Measurement>? known = null,
        AuditResults? audit = null)
    {
        File.WriteAllText(
            _folder["metrics.csv"],
            "step,epoch,classification_loss,adversarial_loss,clean_accuracy,fgsm_accuracy,images_per_second,seconds\n"
            + "20,1,0.5,,,,900,1\n40,1,0.4,-0.5,,,800,2\n");
        TrainOptions options = new() { Method = "jarn", Preset = "paper" };
        TrainingConfiguration configuration = options.Resolve(DeviceKind.Cpu);
        string dataset = standIn is null ? "mnist" : "mnist-sketch";
        RunConfiguration run = new(
            configuration, new Versions("0.1.0", ".NET", "1.5.3", "Debian"), "cpu: some", dataset, standIn, [new FileRead("images", "ab01", true)]);
        RunResults results = new(
            dataset, "jarn", Preset.Paper, 0, "cpu: some", 60_000, 10_000, 1_028_618, 0.3, 100, 1, 8, 1.5,
            new Dictionary<string, double> { ["clean"] = 98.51, ["pgd40"] = 12.5 },
            new Dictionary<string, Interval> { ["clean"] = new(98, 99), ["pgd40"] = new(10, 15) },
            new Dictionary<string, double> { ["pgd40"] = 66.3 },
            standIn is null ? PaperFigures.For("mnist", "jarn") : null,
            CatastrophicOverfitting: overfitting);
        GridImage image = GridImage.FromFloats(2, 2, 1, [0, 1, 0, 1]);
        Specimen specimen = new(17, "7", image, image, image, image, Alignment: null, new Verdict("7", 0.99), new Verdict("3", 0.8));
        RunReport.Write(
            _folder["page.html"], run, results, MetricsCsv.Read(_folder["metrics.csv"]), new RunFindings(sweep, Surface: null, [specimen]),
            audit is null ? null : new AuditSelection(null, [audit], []), known);
        return Script().Replace(File.ReadAllText(_folder["page.html"]), "");
    }

    /// <summary>The cells of the last row of that name.</summary>
    private static string[] Row(string page, string name)
    {
        Match row = Regex.Matches(page, $"<tr><th scope=\"row\">{Regex.Escape(name)}</th>(.*?)</tr>")[^1];
        return [.. Regex.Matches(row.Groups[1].Value, "<td>(.*?)</td>").Select(cell => cell.Groups[1].Value)];
    }

    private static AttackResult Result(int survivors) => new([.. Enumerable.Range(0, 20).Select(image => image < survivors)], 0);

    [GeneratedRegex("<script.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<img src=\"data:image/png;base64,[^\"]+\" alt=\"[^\"]*17[^\"]*\"")]
    private static partial Regex Pictures();
}
