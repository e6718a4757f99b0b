using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;
using Jarn.Tests.Checkpoints;
using Jarn.Tests.Export;
using Spectre.Console;

namespace Jarn.Tests.Runs;

/// <summary><c>jarn runs</c> on runs that are finished, interrupted or written to.</summary>
public sealed class RunsCommandTests : RunsFixture
{
    [Test]
    public void A_list_says_how_each_run_stands_and_leaves_out_what_is_none()
    {
        Copy("stopped", "trial-running");
        using RunDirectory running = RunDirectory.Resume(Run("trial-running"));
        Assert.That(States(), Is.EqualTo(new[]
        {
            ("finished", "finished"), ("stopped", "interrupted at step 2 of 6"), ("trial-running", "running, step 2 of 6"),
            ("unsaved", "interrupted before the first checkpoint"),
        }));
        File.AppendAllText(Path.Combine(running.Folder, "metrics.csv"), "5,2,0.5,,,,0.001,100,3\n");
        Assert.That(States(), Has.Member(("trial-running", "running, step 5 of 6")));
    }

    [Test]
    public void Looking_at_aFolder_changes_nothing_there()
    {
        string[] Files() => Directory.GetFileSystemEntries(Run("."), "*", SearchOption.AllDirectories);
        string[] before = Files();
        Classifiers.RunForOutput("runs", "list", Run("."));
        Printed(console => RunSummary.Print(console, RunOverview.Of(Run("stopped"))!));
        Assert.That(Files(), Is.EqualTo(before));
    }

    [TestCase("when", "c b a d")]
    [TestCase("name", "a b c d")]
    [TestCase("method", "c a b d")]
    [TestCase("seed", "c b a d")]
    [TestCase("clean", "b a c d")]
    [TestCase("attack", "a c b d")]
    [TestCase("state", "a b c d")]
    public void A_list_is_sorted_as_asked_for_and_what_is_unknown_comes_last(string key, string names)
    {
        MakeTrial("a", "jarn", seed: 3, minutes: 1, ("clean", 80), ("fgsm", 50), ("pgd5", 40));
        MakeTrial("b", "standard", seed: 2, minutes: 2, ("clean", 90), ("fgsm", 20));
        MakeTrial("c", "fgsm-at1", seed: 1, minutes: 3, ("clean", 70), ("fgsm", 30));
        Directory.CreateDirectory(Run("trial/d/checkpoints"));
        using JsonDocument list = JsonDocument.Parse(Classifiers.RunForOutput("runs", "list", Run("trial"), "--sort", key, "--json"));
        Assert.That(list.RootElement.EnumerateArray().Select(run => run.GetProperty("name").GetString()), Is.EqualTo(names.Split(' ')));
        JsonElement first = list.RootElement.EnumerateArray().Single(run => run.GetProperty("name").GetString() == "a");
        Assert.That(
            (first.GetProperty("attack").GetString(), first.GetProperty("under_attack").GetDouble(), first.GetProperty("state").GetString()),
            Is.EqualTo(("pgd5", 40.0, "finished")));
    }

    [Test]
    public void A_run_is_shown_with_its_settings_figures_files_and_how_it_goes_on()
    {
        string finished = Printed(console => RunSummary.Print(console, RunOverview.Of(Run("finished"))!));
        Assert.That(finished, Does.Match(@"  method +standard\n").And.Match(@"  batch size +4\n").And.Contain("95 % interval")
            .And.Match(@"  model\.safetensors +\d\.\d MB\n"));
        Assert.That(finished, Does.EndWith($"  jarn train --config {Run("finished/config.json")}\n"));
        Assert.That(finished.IndexOf("95 % interval", StringComparison.Ordinal),
            Is.LessThan(finished.IndexOf("\nSettings\n", StringComparison.Ordinal)), "accuracies come first");
        Assert.That(finished, Does.Not.Contain("lambda").And.Not.Contain("discriminator").And.Not.Contain("trades")
            .And.Not.Match(@"\n  (width|depth) "), "what standard training of this network does not use");

        Copy("stopped", "trial");
        File.WriteAllText(ToyRun.Checkpoints(Run("trial"))[0], "no checkpoint");
        string stopped = Printed(console => RunSummary.Print(console, RunOverview.Of(Run("trial"))!));
        Assert.That(stopped, Does.StartWith($"{Run("trial")}\ninterrupted at step 2 of 6\n")
            .And.EndWith($"\nNext\n  jarn train --resume {Run("trial")}\n").And.Match(@"\n  lambda adversarial +1\n"));
        Assert.That(stopped, Does.Match(@"step-000002\.safetensors +step 2, \d+\.\d MB\n").And.Match(@"step-000001\.safetensors +damaged\n"));
    }

    [Test]
    public void A_comparison_gives_the_settings_that_differ_and_whether_figures_do()
    {
        MakeTrial("a", "jarn", seed: 3, minutes: 1, ("clean", 90), ("fgsm", 50), ("pgd5", 40));
        MakeTrial("b", "standard", seed: 3, minutes: 2, ("clean", 80), ("fgsm", 10));
        string table = Compare("trial/a", "trial/b");
        string settings = table[..table.IndexOf("Accuracy on", StringComparison.Ordinal)];
        Assert.That(settings, Does.StartWith($"A  {Run("trial/a")}\nB  {Run("trial/b")}\n").And.Match(@"\nmethod +jarn +standard\n")
            .And.Match(@"\nlambda adversarial +1 +-\n"));
        Assert.That(settings, Does.Not.Match(@"\n(seed|batch size|trades|epsilon) "), "they are the same, or used by neither");
        Assert.That(table, Does.Match(@"clean +90\.00 \(69\.90 to 97\.21\) +80\.00 \(58\.40 to 91\.93\) +10\.00, within the intervals"));
        Assert.That(table, Does.Match(@"fgsm +50\.00 \(29\.93 to 70\.07\) +10\.00 \(2\.79 to 30\.10\) +40\.00, within the intervals"));
        Assert.That(table, Does.Match(@"pgd5 +40\.00 .* - +not measured in all"));

        MakeTrial("c", "standard", seed: 3, minutes: 2, ("clean", 80), ("fgsm", 5));
        Assert.That(Compare("trial/a", "trial/b", "trial/c"), Does.Match(@"fgsm .* 45\.00, beyond the intervals"));
        Assert.That(Compare("trial/b", "trial/b"), Does.Contain("No setting differs"));
    }

    [Test]
    public void A_comparison_of_other_attacks_or_images_is_flagged_and_one_of_other_data_refused()
    {
        MakeTrial("a", "jarn", seed: 3, minutes: 1, ("clean", 90), ("fgsm", 50));
        MakeTrial("b", "jarn", seed: 3, minutes: 1, ("clean", 90), ("fgsm", 50));
        Change<RunResults>("trial/b/results.json", results => results with { Epsilon = 0.1, TestExamples = 7 });
        Change<RunConfiguration>("trial/b/config.json", run => run with { Data = [new Jarn.Runner.Data.FileRead("elsewhere", "ab", true)] });
        string table = Compare("trial/a", "trial/b");
        Assert.That(table, Does.Match(@"fgsm .* ε differs").And.Match(@"clean .* 0\.00, within"));
        Assert.That(table, Does.Contain("ε = 0.3, 0.1").And.Contain("different numbers of test images (20, 7)").And.Contain("The data files differ"));

        Change<RunResults>("trial/b/results.json", results => results with { Dataset = "mnist" });
        Assert.That(Refusal("compare", Run("trial/a"), Run("trial/b")),
            Does.Contain($"{Run("trial/a")} was measured on mnist-sketch, but {Run("trial/b")} on mnist:"));
    }

    /// <summary>In a process of its own, which would take all memory where it does not end.</summary>
    [TestCase(200)]
    [TestCase(80)]
    [TestCase(40)]
    [TestCase(16)]
    [TestCase(1)]
    public void Runs_with_wide_names_are_listed_shown_and_compared_on_any_terminal(int columns)
    {
        string[] names = ["数据集训练运行数据集训练运行", "runs-👨‍👩‍👧‍👦-e\u0301-ㅎㅏㄴ한국어"];
        foreach (string name in names)
        {
            MakeTrial(name, name == names[0] ? "jarn" : "standard", seed: 3, minutes: 1, ("clean", 90), ("fgsm", 50));
        }
        string[][] commands =
        [
            ["list", Run("trial")], ["show", Run($"trial/{names[0]}")], ["compare", .. names.Select(name => Run($"trial/{name}"))],
        ];
        foreach (string[] arguments in commands)
        {
            string printed = InProcess(columns, ["runs", .. arguments]);
            Assert.That(printed, Does.Contain(names[0]));
            string[] words = printed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            Assert.That(printed.Split('\n').Max(TextLines.Width), Is.AtMost(Math.Max(columns, words.Max(TextLines.Width) + 4)), printed);
        }
    }

    [Test]
    public void On_80_columns_a_list_is_a_table_and_a_name_is_whole()
    {
        const string name = "mnist-sketch-jarn-20261130-233600";
        MakeTrial(name, "jarn", seed: 3, minutes: 1, ("clean", 90), ("pgd40-margin", 50));
        string[] lines = InProcess(80, ["runs", "list", Run("trial")]).Split('\n');
        Assert.That(lines[0], Does.Match("^Run +State +Clean,.* +Attacked,.* +AutoAttack,"));
        Assert.That(lines, Has.Some.Match($"^{name} +finished +90.00 +50.00 +-"));
        Assert.That(lines.Max(TextLines.Width), Is.AtMost(80));
    }

    [Test]
    public void AutoAttack_as_an_audit_found_it_is_in_lists_and_comparisons()
    {
        MakeTrial("a", "jarn", seed: 3, minutes: 1, ("clean", 90), ("fgsm", 50));
        MakeTrial("b", "standard", seed: 3, minutes: 2, ("clean", 90), ("fgsm", 60));
        Audit("a", examples: 10, accuracy: 40);
        Audit("a", examples: 100, accuracy: 5);
        Audit("b", examples: 100, accuracy: 30);
        Assert.That(Printed(new RunList(RunOverview.Under(Run("trial")), RunOrder.AutoAttack).Print),
            Does.Match(@"\nb .* 30\.00 \(n=100\).*\na .* 5\.00 \(n=100\)"));
        Assert.That(Compare("trial/a", "trial/b"),
            Does.Match(@"\nautoattack +5\.00 \(2\.15 to 11\.18\) +30\.00 \(21\.89 to 39\.58\) +25\.00, beyond the intervals"));
        Assert.That(Printed(console => RunSummary.Print(console, RunOverview.Of(Run("trial/a"))!)),
            Does.Match(@"AutoAttack +5\.0 % \(2\.2 to 11\.2\) on 100 images of mnist-sketch, ε = 0\.3; .*\n +AutoAttack +40"));
        Folder.Write("runs/trial/b/audits/n7-eps0.3-seed0.json", [1]);
        Assert.That(Printed(new RunList(RunOverview.Under(Run("trial")), RunOrder.Name).Print),
            Does.Match(@"- b: the audit \S+n7-eps0\.3-seed0\.json is damaged\n"));
    }

    [Test]
    public void All_three_speak_JSON_and_CSV_with_documented_keys()
    {
        MakeTrial("a", "jarn", seed: 3, minutes: 1, ("clean", 90), ("fgsm", 50));
        MakeTrial("b, with \"quotes\"", "standard", seed: 3, minutes: 2, ("clean", 80), ("fgsm", 10));
        Audit("a", examples: 100, accuracy: 5);
        string b = Run("trial/b, with \"quotes\""), quoted = $"\"{b.Replace("\"", "\"\"")}\"";
        string documented = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/results-json.md"));

        string[] list = Classifiers.RunForOutput("runs", "list", Run("trial"), "--csv", "--sort", "name").TrimEnd('\n').Split('\n');
        using JsonDocument runs = JsonDocument.Parse(Classifiers.RunForOutput("runs", "list", Run("trial"), "--json"));
        Assert.That(list[0].Split(','), Is.EqualTo(runs.RootElement[0].EnumerateObject().Select(property => property.Name)));
        Assert.That(list[2], Does.StartWith("\"b, with \"\"quotes\"\"\"," + quoted + ",finished,,,,mnist-sketch,standard,small,3,80,fgsm,10,0.3,"));

        using JsonDocument show = JsonDocument.Parse(Classifiers.RunForOutput("runs", "show", Run("trial/a"), "--json"));
        string[] lines = Classifiers.RunForOutput("runs", "show", Run("trial/a"), "--csv").TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.Member("key,value").And.Member("auto_attack,5").And.Member("results.accuracy.clean,90")
            .And.Member("configuration.options.recipe.batch_size,4").And.Member("audits.0.examples,100"));
        Assert.That(show.RootElement.GetProperty("results").GetProperty("accuracy").GetProperty("clean").GetDouble(), Is.EqualTo(90));

        using JsonDocument comparison = JsonDocument.Parse(Classifiers.RunForOutput("runs", "compare", Run("trial/a"), b, "--json"));
        Assert.That(comparison.RootElement.GetProperty("settings")[0].GetRawText(),
            Does.Match(@"""name"": ""method"",\s+""values"": \[\s+""jarn"",\s+""standard"""));
        Assert.That(comparison.RootElement.GetProperty("attacks")[0].GetProperty("difference").GetDouble(), Is.EqualTo(10));
        string[] rows = Classifiers.RunForOutput("runs", "compare", Run("trial/a"), b, "--csv").TrimEnd('\n').Split('\n');
        Assert.That(rows[0], Is.EqualTo($"section,name,{Run("trial/a")},{quoted}"));
        Assert.That(rows, Has.Member("setting,lambda adversarial,1,").And.Member("accuracy,fgsm,50,10").And.Member("accuracy,autoattack,5,")
            .And.Member("zero_gradient,clean,,"));

        string[] keys =
        [
            .. list[0].Split(','), .. show.RootElement.EnumerateObject().Select(property => property.Name),
            .. show.RootElement.GetProperty("audits")[0].EnumerateObject().Select(property => property.Name),
            .. comparison.RootElement.EnumerateObject().Select(property => property.Name),
            .. comparison.RootElement.GetProperty("attacks")[0].EnumerateObject().Select(property => property.Name),
        ];
        Assert.That(keys.Where(key => !documented.Contains($"`{key}`")), Is.Empty);
    }

    [Test]
    public void What_cannot_be_done_is_a_sentence()
    {
        Assert.That(Refusal(), Is.EqualTo("jarn: jarn runs needs an action: give list, show or compare\n"));
        Assert.That(Refusal("delete"), Does.Contain("jarn runs has no action delete"));
        Assert.That(Refusal("list", Run("absent")), Does.Contain("give a folder that runs are in"));
        Assert.That(Refusal("list", "a", "b"), Does.Contain("takes one folder, but 2 are given"));
        Assert.That(Refusal("list", "--sort", "size"), Does.Contain("--sort is size: give when, name,"));
        Assert.That(Refusal("show"), Does.Contain("takes one folder, but 0 are given"));
        Assert.That(Refusal("show", Run("none")), Does.Contain($"{Run("none")} is not a run (it has no config.json)"));
        Assert.That(Refusal("show", Run("finished"), "--sort", "name"), Does.Contain("--sort"));
        Assert.That(Refusal("list", "--json", "--csv"), Does.Contain("--json and --csv are both given"));
        Assert.That(Refusal("compare", Run("finished")), Does.Contain("needs two or more runs: give their folders"));
        Assert.That(Refusal("compare", Run("finished"), Run("stopped")),
            Does.Contain("has no results to compare (interrupted at step 2 of 6): give finished runs"));
        Assert.That(
            Classifiers.RunForOutput("runs", "list", Run("none")), Does.Contain($"There are no runs in {Run("none")}: 'jarn train' makes one"));
    }

    private static string Here([CallerFilePath] string here = "") => here;

    /// <summary>What the program prints to a terminal of so many columns.</summary>
    private static string InProcess(int columns, string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [typeof(CommandLineInterface).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["COLUMNS"] = columns.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        Task<string> printed = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(60_000))
        {
            process.Kill();
            Assert.Fail($"jarn {string.Join(' ', arguments)} does not end on {columns} columns");
        }
        Assert.That(process.ExitCode, Is.Zero);
        return printed.Result;
    }

    private void Audit(string name, int examples, double accuracy)
    {
        Rung autoAttack = new(Rung.AutoAttack, accuracy, Interval.OfShare((int)(accuracy * examples / 100), examples), 1, 0);
        CheckResult check = new("more-steps", CheckOutcome.Passed, "", new Dictionary<string, double>());
        AuditStore store = AuditStore.Of(Run($"trial/{name}"));
        store.Prepare();
        store.Write(new AuditResults(
            name, "jarn", "mnist-sketch", "mnist-sketch", null, examples, 0.3, ["apgd-ce"], 0, BatchStatistics.Running, [], 1, "cpu",
            Versions.Current, new AuditFindings([autoAttack], [check], null)));
    }

    private string Compare(params string[] names) => Printed(console => Comparison(names).Print(console));

    private RunComparison Comparison(params string[] names) => RunComparison.Of([.. names.Select(name => RunOverview.Of(Run(name))!)]);

    /// <summary>A finished run with such figures on 20 test images.</summary>
    private void MakeTrial(string name, string method, ulong seed, int minutes, params (string Attack, double Accuracy)[] figures)
    {
        const int images = 20;
        Copy("finished", Path.Combine("trial", name));
        Change<RunConfiguration>($"trial/{name}/config.json", run => run with
        {
            Begun = DateTimeOffset.UnixEpoch.AddMinutes(minutes),
            Options = run.Options with
            {
                Seed = seed,
                Recipe = run.Options.Recipe with { Method = TrainingConfiguration.PresetRecipe(Preset.Small, "mnist", method).Method },
            },
        });
        Change<RunResults>($"trial/{name}/results.json", results => results with
        {
            Method = method,
            Seed = seed,
            TestExamples = images,
            Accuracy = figures.ToDictionary(figure => figure.Attack, figure => figure.Accuracy),
            AccuracyInterval = figures.ToDictionary(
                figure => figure.Attack, figure => Interval.OfShare((int)(figure.Accuracy * images / 100), images)),
        });
    }

    private void Change<T>(string file, Func<T, T> change) => JsonFile.Write(Run(file), change(JsonFile.Read<T>(Run(file))));
}
