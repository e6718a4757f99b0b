using System.Text.Json;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Runs;
using Jarn.Tests.Checkpoints;
using Jarn.Tests.Data;
using Jarn.Tests.Export;
using Spectre.Console;

namespace Jarn.Tests.Runs;

/// <summary><c>jarn runs</c> on runs in every state: finished, interrupted, written to, damaged.</summary>
[NonParallelizable]
public sealed class RunsCommandTests
{
    private TemporaryFolder _folder = null!;

    /// <summary>Two finished runs of one kind, one interrupted after its second step, one just begun, and what is none.</summary>
    [OneTimeSetUp]
    public void MakeRuns()
    {
        // It writes to what standard output is when it is made.
        _ = Terminal.Output;
        _folder = new TemporaryFolder();
        new ToyRun(ToyRun.Options("standard")).Execute(Run("finished"));
        new ToyRun(ToyRun.Options("jarn")).Interrupt(Run("stopped"), steps: 2);
        Copy("stopped", "unsaved");
        Directory.Delete(Path.Combine(Run("unsaved"), "checkpoints"), recursive: true);
        _folder.Write("runs/none/notes.txt", [1]);
        _folder.Write("runs/weights/other.safetensors", [1]);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [TearDown]
    public void DeleteTrials()
    {
        foreach (string trial in Directory.GetDirectories(Run("."), "trial*"))
        {
            Directory.Delete(trial, recursive: true);
        }
    }

    [Test]
    public void A_list_says_how_each_run_stands_and_leaves_out_what_is_none()
    {
        Copy("stopped", "trial-running");
        using RunDirectory running = RunDirectory.Resume(Run("trial-running"));
        Assert.That(States(), Is.EqualTo(new[]
        {
            ("finished", "finished"), ("stopped", "interrupted at step 2 of 6"), ("trial-running", "running, step 2 of 6"), ("unsaved", "interrupted before it was saved"),
        }));
        File.AppendAllText(Path.Combine(running.Folder, "metrics.csv"), "5,2,0.5,,,,0.001,100,3\n");
        Assert.That(States(), Has.Member(("trial-running", "running, step 5 of 6")));
    }

    [Test]
    public void Looking_at_a_folder_changes_nothing_there()
    {
        string[] Files() => Directory.GetFileSystemEntries(Run("."), "*", SearchOption.AllDirectories);
        string[] before = Files();
        Classifiers.RunForOutput("runs", "list", Run("."));
        Printed(console => RunSummary.Print(console, RunOverview.Of(Run("stopped"))!));
        Assert.That(Files(), Is.EqualTo(before));
    }

    [TestCase("config.json", null, "broken: there is no config.json")]
    [TestCase("config.json", "{}", "broken: config.json cannot be understood")]
    [TestCase("results.json", "{\"dataset\": null}", "broken: results.json cannot be understood")]
    [TestCase("model.safetensors", null, "broken: cannot read model.safetensors")]
    [TestCase("model.safetensors", "half a model", "broken: model.safetensors cannot be read as a safetensors file")]
    public void A_damaged_run_is_named_with_the_reason_and_the_others_are_listed(string file, string? content, string state)
    {
        string trial = Copy("finished", "trial");
        File.Delete(Path.Combine(trial, file));
        if (content is not null)
        {
            File.WriteAllText(Path.Combine(trial, file), content);
        }
        (string Name, string State)[] states = States();
        Assert.That(states.Single(run => run.Name == "trial").State, Does.StartWith(state));
        Assert.That(states, Has.Length.EqualTo(4));
        Assert.That(Classifiers.RunForOutput("runs", "list", Run("."), "--json"), Does.Contain("\"state\": \"broken\""));
    }

    [Test]
    public void A_run_whose_checkpoints_are_all_damaged_is_broken()
    {
        foreach (string checkpoint in ToyRun.Checkpoints(Copy("stopped", "trial")))
        {
            File.WriteAllText(checkpoint, "no checkpoint");
        }
        Assert.That(States(), Has.Member(("trial", "broken: no checkpoint in checkpoints can be read")));
    }

    [Test]
    public void No_damage_ends_a_list()
    {
        const int trials = 200;
        string trial = Copy("finished", "trial");
        Random random = new(3);
        int broken = 0;
        foreach (string file in new[] { "config.json", "results.json" })
        {
            string path = Path.Combine(trial, file);
            byte[] whole = File.ReadAllBytes(path);
            for (int i = 0; i < trials; i++)
            {
                File.WriteAllBytes(path, Mutation.Of(whole, random, whole.Length));
                RunOverview run = RunOverview.Of(trial)!;
                RunList list = new([run], RunOrder.Attack);
                Printed(list.Print);
                broken += run.State == RunState.Broken && list.ToJson().Contains("broken") ? 1 : 0;
            }
            File.WriteAllBytes(path, whole);
        }
        Assert.That(broken, Is.GreaterThan(trials));
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
        Assert.That(finished, Does.Match(@"  method +standard\n").And.Match(@"  batch size +4\n").And.Contain("95 % interval").And.Match(@"  model\.safetensors +\d\.\d MB\n"));
        Assert.That(finished, Does.Contain($"'jarn train --config {Run("finished/config.json")}' runs it again"));

        Copy("stopped", "trial");
        File.WriteAllText(ToyRun.Checkpoints(Run("trial"))[0], "no checkpoint");
        string stopped = Printed(console => RunSummary.Print(console, RunOverview.Of(Run("trial"))!));
        Assert.That(stopped, Does.StartWith($"{Run("trial")}: interrupted at step 2 of 6\n").And.EndWith($"'jarn train --resume {Run("trial")}' goes on with it.\n"));
        Assert.That(stopped, Does.Match(@"step-000002\.safetensors +whole, 2 steps, \d+\.\d MB\n").And.Match(@"step-000001\.safetensors +the checkpoint .* is of no use"));
    }

    [Test]
    public void A_comparison_gives_the_settings_that_differ_and_whether_figures_do()
    {
        MakeTrial("a", "jarn", seed: 3, minutes: 1, ("clean", 90), ("fgsm", 50), ("pgd5", 40));
        MakeTrial("b", "standard", seed: 3, minutes: 2, ("clean", 80), ("fgsm", 10));
        string table = Compare("trial/a", "trial/b");
        string settings = table[..table.IndexOf("Accuracy on", StringComparison.Ordinal)];
        Assert.That(settings.Split('\n').Where(line => line.StartsWith("│ ", StringComparison.Ordinal)).ToArray(), Has.Length.EqualTo(2).And.ItemAt(1).Match(@"method +│ jarn +│ standard"));
        Assert.That(table, Does.Match(@"clean +│ 90\.00 \(69\.90 to 97\.21\) +│ 80\.00 \(58\.40 to 91\.93\) +│ 10\.00, within the intervals"));
        Assert.That(table, Does.Match(@"fgsm +│ 50\.00 \(29\.93 to 70\.07\) +│ 10\.00 \(2\.79 to 30\.10\) +│ 40\.00, within the intervals"));
        Assert.That(table, Does.Match(@"pgd5 +│ 40\.00 .*│ - +│ not measured in all"));

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
        Assert.That(table, Does.Match(@"fgsm .*│ ε differs").And.Match(@"clean .* 0\.00, within"));
        Assert.That(table, Does.Contain("ε = 0.3, 0.1").And.Contain("different numbers of test images, 20, 7").And.Contain("files of the data set were not the same"));

        Change<RunResults>("trial/b/results.json", results => results with { Dataset = "mnist" });
        Assert.That(Refusal("compare", Run("trial/a"), Run("trial/b")), Does.Contain($"{Run("trial/a")} was measured on mnist-sketch and {Run("trial/b")} on mnist,"));
    }

    [Test]
    public void What_cannot_be_done_is_a_sentence()
    {
        Assert.That(Refusal(), Is.EqualTo("jarn: jarn runs lacks what to do: give list, show or compare\n"));
        Assert.That(Refusal("delete"), Does.Contain("jarn runs cannot delete"));
        Assert.That(Refusal("list", Run("absent")), Does.Contain("give a folder that runs are in"));
        Assert.That(Refusal("list", "a", "b"), Does.Contain("takes one folder, and 2 are given"));
        Assert.That(Refusal("list", "--sort", "size"), Does.Contain("--sort is size: give when, name,"));
        Assert.That(Refusal("show"), Does.Contain("takes one folder, and 0 are given"));
        Assert.That(Refusal("show", Run("none")), Does.Contain("holds no run"));
        Assert.That(Refusal("show", Run("finished"), "--json"), Does.Contain("--json is for 'jarn runs list' alone"));
        Assert.That(Refusal("compare", Run("finished")), Does.Contain("give the folders of two or more"));
        Assert.That(Refusal("compare", Run("finished"), Run("stopped")), Does.Contain("has no results to compare, it is interrupted at step 2 of 6: give finished runs"));
        Assert.That(Classifiers.RunForOutput("runs", "list", Run("none")), Does.Contain("holds no run: 'jarn train' makes one"));
    }

    private static string Refusal(params string[] arguments)
    {
        (int exitCode, string error) = Jarn.Tests.Runner.CommandLineTests.Run(["runs", .. arguments]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
        return error;
    }

    private static string Printed(Action<IAnsiConsole> print)
    {
        using StringWriter output = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 1000;
        print(console);
        return output.ToString();
    }

    private string Compare(params string[] names) => Printed(console => RunComparison.Print(console, [.. names.Select(name => RunOverview.Of(Run(name))!)]));

    private (string Name, string State)[] States() => [.. RunOverview.Under(Run(".")).Select(run => (run.Name, run.StateInWords))];

    private string Run(string name) => _folder[Path.Combine("runs", name)];

    private string Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(Run(from), "*", SearchOption.AllDirectories))
        {
            _folder.Write(Path.Combine("runs", to, Path.GetRelativePath(Run(from), file)), File.ReadAllBytes(file));
        }
        return Run(to);
    }

    /// <summary>A finished run with such figures on 20 test images.</summary>
    private void MakeTrial(string name, string method, ulong seed, int minutes, params (string Attack, double Accuracy)[] figures)
    {
        const int images = 20;
        Copy("finished", Path.Combine("trial", name));
        Change<RunConfiguration>($"trial/{name}/config.json", run => run with
        {
            Begun = DateTimeOffset.UnixEpoch.AddMinutes(minutes),
            Options = run.Options with { Method = method, Seed = seed },
        });
        Change<RunResults>($"trial/{name}/results.json", results => results with
        {
            Method = method,
            Seed = seed,
            TestExamples = images,
            Accuracy = figures.ToDictionary(figure => figure.Attack, figure => figure.Accuracy),
            AccuracyInterval = figures.ToDictionary(figure => figure.Attack, figure => Interval.OfShare((int)(figure.Accuracy * images / 100), images)),
        });
    }

    private void Change<T>(string file, Func<T, T> change) => JsonFile.Write(Run(file), change(JsonFile.Read<T>(Run(file))));
}
