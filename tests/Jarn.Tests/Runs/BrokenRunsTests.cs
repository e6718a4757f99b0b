using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Tests.Checkpoints;
using Jarn.Tests.Data;
using Jarn.Tests.Export;

namespace Jarn.Tests.Runs;

/// <summary><c>jarn runs</c> on folders that are damaged, incomplete, or no runs at all.</summary>
public sealed class BrokenRunsTests : RunsFixture
{
    [TestCase("config.json", null, "broken: it has no config.json")]
    [TestCase("config.json", "{}", "broken: PATH cannot be understood")]
    [TestCase("results.json", "{\"dataset\": null}", "broken: PATH cannot be understood")]
    [TestCase("model.safetensors", null, "broken: it has no model.safetensors")]
    [TestCase("model.safetensors", "half a model", "broken: PATH cannot be read as a safetensors file")]
    public void A_damaged_run_is_named_with_the_reason_and_the_others_are_listed(string file, string? content, string state)
    {
        string trial = Copy("finished", "trial");
        File.Delete(Path.Combine(trial, file));
        if (content is not null)
        {
            File.WriteAllText(Path.Combine(trial, file), content);
        }
        (string Name, string State)[] states = States();
        Assert.That(states.Single(run => run.Name == "trial").State, Does.StartWith(state.Replace("PATH", Path.Combine(trial, file))));
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
        Assert.That(States(), Has.Member(("trial", "broken: all its checkpoints are damaged")));
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

    [TestCase("empty", "EMPTY is not a run (it has no config.json): 'jarn runs list' shows the runs")]
    [TestCase("absent", "there is no folder ABSENT: 'jarn runs list' shows the runs")]
    [TestCase("file", "FILE is a file: give the folder of a run")]
    [TestCase("without", "the run in WITHOUT is broken: it has no config.json")]
    [TestCase("half", "the run in HALF is broken: HALF/config.json cannot be understood (line ")]
    public void What_is_no_whole_run_is_shown_as_a_sentence_with_its_path(string name, string sentence)
    {
        Directory.CreateDirectory(Run("trial/empty"));
        Folder.Write("runs/trial/file", [1]);
        Folder.Write("runs/trial/without/metrics.csv", [1]);
        Folder.Write("runs/trial/half/config.json", "{\"options\": {"u8.ToArray());
        string folder = Run($"trial/{name}");
        Assert.That(Refusal("show", folder), Does.StartWith($"jarn: {sentence.Replace(name.ToUpperInvariant(), folder)}"));
        Assert.That(Refusal("show", $"{folder}/"), Does.Contain($"{folder}/"));
        // What .NET says of a file names it by its whole path, which ends like a relative one.
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        Assert.That(Refusal("show", relative), Does.StartWith($"jarn: {sentence.Replace(name.ToUpperInvariant(), relative)}"));
    }

    [Test]
    public void A_run_without_its_model_is_shown_and_said_to_be_broken()
    {
        File.Delete(Path.Combine(Copy("finished", "trial"), "model.safetensors"));
        Assert.That(Printed(console => RunSummary.Print(console, RunOverview.Of(Run("trial"))!)),
            Does.StartWith($"{Run("trial")}\nbroken: it has no model.safetensors\n").And.Match(@"  method +standard\n"));
    }
}
