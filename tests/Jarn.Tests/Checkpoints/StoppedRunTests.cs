using System.Globalization;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Tests.Data;

namespace Jarn.Tests.Checkpoints;

/// <summary>
/// What a run that cannot go on says and leaves: damaged checkpoints, numbers lost, a folder that is taken, options that contradict it.
/// </summary>
public sealed class StoppedRunTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase(8)]
    [TestCase(-1)]
    public void A_damaged_checkpoint_is_named_and_the_one_before_it_used(int place)
    {
        ToyRun run = new(ToyRun.Options("jarn"));
        run.Execute(_folder["whole"]);
        string[] checkpoints = run.Interrupt(_folder["run"], steps: 3);
        Assert.That(checkpoints.Select(Path.GetFileName), Is.EqualTo(new[] { "step-000002.safetensors", "step-000003.safetensors" }));
        Damage(checkpoints[1], place);
        string said = ToyRun.Said(() => run.Execute(_folder["run"]));
        Assert.That(said, Does.Contain($"Note: the checkpoint {checkpoints[1]} is damaged (its checksum is wrong); using the one before it."));
        Assert.That(ToyRun.Model(_folder["run"]), Is.EqualTo(ToyRun.Model(_folder["whole"])));
        Assert.That(ToyRun.Metrics(_folder["run"]), Is.EqualTo(ToyRun.Metrics(_folder["whole"])));
    }

    [Test]
    public void A_damaged_checkpoint_is_not_kept_in_place_of_a_whole_one()
    {
        ToyRun run = new(ToyRun.Options("standard"));
        string last = run.Interrupt(_folder["run"], steps: 4)[1];
        Damage(last, 100);
        File.Move(last, last.Replace("step-000004", "step-000006", StringComparison.Ordinal));
        ToyRun.Said(() => Assert.That(
            run.Interrupt(_folder["run"], steps: 1).Select(CheckpointFile.Verify).Select(progress => progress.Step), Is.EqualTo(new[] { 3, 4 })));
    }

    [Test]
    public void Where_no_checkpoint_is_whole_the_user_decides()
    {
        ToyRun run = new(ToyRun.Options("standard"));
        foreach (string checkpoint in run.Interrupt(_folder["run"], steps: 2))
        {
            File.WriteAllBytes(checkpoint, File.ReadAllBytes(checkpoint)[..1000]);
        }
        string folder = Path.Combine(_folder["run"], "checkpoints");
        string said = ToyRun.Said(() => Assert.That(
            () => run.Execute(_folder["run"]),
            Throws.InstanceOf<UserErrorException>().With.Message.EqualTo(
                $"all checkpoints in {folder} are damaged: delete that folder to train again from the first step")));
        Assert.That(said.Split("is damaged"), Has.Length.EqualTo(3));
        Directory.Delete(folder, recursive: true);
        Assert.That(run.Execute(_folder["run"]).Accuracy, Is.Not.Empty);
    }

    [Test]
    public void Lost_numbers_are_traced_to_the_step_and_the_tensor_and_no_good_checkpoint_goes()
    {
        TrainOptions options = ToyRun.Options("standard", every: "1");
        (string Option, object Value)[] wild =
            [("optimiser", OptimiserKind.Sgd), ("learning-rate", 100.0), ("input-scale", 1e6), ("batch-size", 2)];
        foreach ((string option, object value) in wild)
        {
            options.Settings[option] = value;
        }
        ToyRun run = new(options);
        string message = Assert.Throws<UserErrorException>(() => run.Execute(_folder["run"]))!.Message;
        string[] checkpoints = ToyRun.Checkpoints(_folder["run"]);
        Assert.That(message, Does.Match(
            """^classifier\.\S+ contains NaN or infinity after step (\d)\. It began in step \1 with .*\(\w+\)\. The last good checkpoint is """));
        Assert.That(message, Does.EndWith($" {checkpoints[^1]}. Try a smaller --learning-rate"), "standard training adds no loss to weigh");
        // Each that is left is whole, and of the steps before the one that failed.
        int failed = int.Parse(message[(message.IndexOf("after step ", StringComparison.Ordinal) + 11)..][..1], CultureInfo.InvariantCulture);
        Assert.That(checkpoints.Select(path => CheckpointFile.Verify(path).Step),
            Is.EqualTo(Enumerable.Range(Math.Max(1, failed - 2), Math.Min(2, failed - 1))));
    }

    [Test]
    public void Lost_numbers_are_found_though_the_loss_is_read_later_and_nothing_was_saved()
    {
        TrainOptions options = ToyRun.Options("jarn", every: "1h");
        (options.Settings["optimiser"], options.Settings["learning-rate"], options.Settings["input-scale"]) = (OptimiserKind.Sgd, 100.0, 1e6);
        string message = Assert.Throws<UserErrorException>(() => new ToyRun(options).Execute(_folder["run"]))!.Message;
        Assert.That(message, Does.Match(@"^the loss became \S+ at step [36] or shortly before\. It began in step [1-5] with .*\. "
            + @"No checkpoint was written before it\. Try a smaller --learning-rate or --lambda-adv$"));
    }

    [Test]
    public void A_folder_that_another_process_writes_to_is_refused()
    {
        ToyRun run = new(ToyRun.Options("standard"));
        run.Interrupt(_folder["run"], steps: 1);
        using (RunDirectory taken = RunDirectory.Resume(_folder["run"]))
        {
            Assert.That(() => RunDirectory.Resume(_folder["run"]),
                Throws.InstanceOf<UserErrorException>().With.Message.Contains("another process is writing to the run in"));
            Assert.That(Resume(out string refusal), Is.EqualTo(2));
            Assert.That(refusal, Does.StartWith($"jarn: another process is writing to the run in {_folder["run"]}"));
        }
        RunDirectory.Resume(_folder["run"]).Dispose();
        using RunDirectory begun = RunDirectory.Create(_folder["new"], "mnist", "jarn", DateTime.Now);
        Assert.That(
            () => RunDirectory.Create(_folder["new"], "mnist", "jarn", DateTime.Now),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("another process is writing to the run in"));
    }

    [Test]
    public void What_a_killed_process_left_half_written_goes()
    {
        ToyRun run = new(ToyRun.Options("standard"));
        run.Interrupt(_folder["run"], steps: 1);
        _folder.Write("run/.config.json.abcdefgh.ijk.tmp", [1]);
        _folder.Write("run/checkpoints/.step-000002.safetensors.abcdefgh.ijk.tmp", [1]);
        Assert.That(run.Interrupt(_folder["run"], steps: 1).Select(Path.GetFileName),
            Is.EqualTo(new[] { "step-000001.safetensors", "step-000002.safetensors" }));
        Assert.That(Directory.GetFiles(_folder["run"]).Select(Path.GetFileName), Has.None.EndsWith(".tmp"));
        _folder.Write("killed/.lock", []);
        _folder.Write("killed/.config.json.abcdefgh.ijk.tmp", [1]);
        using RunDirectory anew = RunDirectory.Create(_folder["killed"], "mnist", "jarn", DateTime.Now);
        Assert.That(Directory.GetFiles(anew.Folder).Select(Path.GetFileName), Is.EqualTo(new[] { ".lock" }));
    }

    [Test]
    public void The_command_goes_on_with_a_run_given_its_folder_alone_and_has_nothing_to_do_where_it_is_finished()
    {
        ToyRun run = new(ToyRun.Options("pgd-at7"));
        run.Execute(_folder["whole"]);
        run.Interrupt(_folder["run"], steps: 2);
        Assert.That(Resume(out string said), Is.Zero, said);
        Assert.That(ToyRun.Model(_folder["run"]), Is.EqualTo(ToyRun.Model(_folder["whole"])));
        byte[] results = File.ReadAllBytes(Path.Combine(_folder["run"], "results.json"));
        Assert.That(Resume(out said), Is.Zero);
        Assert.That(said, Does.Contain("is finished: there is nothing to resume"));
        Assert.That(File.ReadAllBytes(Path.Combine(_folder["run"], "results.json")), Is.EqualTo(results));
    }

    [TestCase("--method jarn", "method standard, not jarn")]
    [TestCase("--method=fgsm-at1", "method standard, not fgsm-at1")]
    [TestCase("--epsilon 0.1", "epsilon 0.3, not 0.1")]
    [TestCase("--seed 3", "seed 0, not 3")]
    [TestCase("--epochs 3", "epochs 2, not 3")]
    [TestCase("--steps 7", "epochs 2, not unset")]
    [TestCase("--preset paper", "preset small, not paper")]
    [TestCase("--winograd off", "winograd true, not false")]
    [TestCase("--limit-train 9", "limit_train 10, not 9")]
    [TestCase("--output elsewhere", "--output and --resume are both given")]
    [TestCase("--checkpoint-every 0", "--checkpoint-every is 0")]
    [TestCase("--checkpoint-every 10x", "give a number of steps such as 500, or a time such as 90s, 10m or 2h")]
    [TestCase("--keep-checkpoints 0", "--keep-checkpoints is 0")]
    [TestCase("stray", "has no use for 'stray'")]
    public void An_option_that_contradicts_the_run_is_refused(string option, string reason)
    {
        new ToyRun(ToyRun.Options("standard")).Interrupt(_folder["run"], steps: 1);
        Assert.That(Resume(out string refusal, option.Split(' ')), Is.EqualTo(2));
        Assert.That(refusal, Does.StartWith("jarn: ").And.Contain(reason));
        Assert.That(refusal.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void Options_that_agree_or_decide_nothing_are_taken()
    {
        new ToyRun(ToyRun.Options("standard")).Interrupt(_folder["run"], steps: 1);
        const string options =
            "--method standard --dataset mnist --epochs 2 --threads 2 --device cpu --checkpoint-every 2h --keep-checkpoints 1 --seed 0";
        Assert.That(Resume(out string said, options.Split(' ')), Is.Zero, said);
    }

    [Test]
    public void A_folder_without_a_run_is_refused()
    {
        Directory.CreateDirectory(_folder["run"]);
        Assert.That(Resume(out string refusal), Is.EqualTo(2));
        Assert.That(refusal, Does.Contain("is not a run that can be resumed (it has no config.json)"));
    }

    /// <summary>The other tests' memory would count, too.</summary>
    [Test]
    [NonParallelizable]
    [Category(TestCategory.Thorough)]
    public void Memory_does_not_grow_with_the_steps()
    {
        TrainOptions options = ToyRun.Options("jarn", every: "50");
        options.Settings.Remove("epochs");
        (options.Settings["steps"], options.Settings["jarn-from"]) = (600, 0.02);
        ToyRun run = new(options, ToyRun.Colours);
        using CpuDevice device = new(threads: 1);
        Witness witness = new(device);
        run.Execute(_folder["run"], device, display: witness);
        (long managed, MemoryUse device) early = witness.At[300], late = witness.At[600];
        Assert.That(late.device, Is.EqualTo(early.device));
        Assert.That(late.managed - early.managed, Is.LessThan(30_000), "bytes: less than a hundred a step");
    }

    private static void Damage(string path, int place)
    {
        byte[] file = File.ReadAllBytes(path);
        file[place < 0 ? file.Length + place : place] ^= 1;
        File.WriteAllBytes(path, file);
    }

    private int Resume(out string said, params string[] options)
    {
        int code = 0;
        said = ToyRun.Said(() => code = CommandLineInterface.Run(["train", "--resume", _folder["run"], "--quiet", .. options]));
        return code;
    }

    /// <summary>Looks at the memory in use: at the ends of two epochs, of whose last batch the buffers then are.</summary>
    private sealed class Witness(IDevice device) : IDisplay
    {
        public Dictionary<long, (long Managed, MemoryUse Device)> At { get; } = [];

        public void Track(string title, long total, Action<ProgressUpdate> task) => task((done, _) =>
        {
            if (title.StartsWith("Training", StringComparison.Ordinal) && done is 300 or 600)
            {
                for (int pass = 0; pass < 3; pass++)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }
                At[done] = (GC.GetTotalMemory(forceFullCollection: false), device.Memory);
            }
        });

        public void Note(string line)
        {
        }
    }
}
