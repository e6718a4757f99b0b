using System.Diagnostics;
using System.Globalization;
using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Runs;
using Jarn.Tests.Data;
using Jarn.Tests.Reports.TensorBoard;

namespace Jarn.Tests.Checkpoints;

/// <summary>The program itself, killed and signalled, and a disk that fills up.</summary>
[NonParallelizable]
[Platform("Linux")]
public sealed class ProcessTests
{
    private static readonly string[] Options = (
        "--data sketch --device cpu --threads 1 --method jarn --jarn-from 0.3 --limit-train 96 --limit-test 20 "
        + "--batch-size 8 --attacks fgsm --discriminator-widths 2,3 --report off --quiet").Split(' ');

    private static readonly string[] Short = ["--epochs", "2", "--checkpoint-every", "1"];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Killed_at_random_moments_and_resumed_a_run_comes_to_the_same_bytes() => KillAndResume(3);

    /// <summary>Minutes on a busy machine: <c>dotnet test --filter Name~Killed_at_twenty</c>.</summary>
    [Test]
    [Explicit("takes as long as twenty runs")]
    public void Killed_at_twenty_random_moments_a_run_comes_to_the_same_bytes() => KillAndResume(20);

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    [TestCase("HUP", 129)]
    public void A_signal_saves_the_step_says_how_to_go_on_and_is_the_exit_code(string signal, int code)
    {
        using Process process = Start("run", resume: false, "--checkpoint-every", "1h", "--epochs", "1000");
        string metrics = Path.Combine(_folder["run"], "metrics.csv");
        while (!process.HasExited && !(File.Exists(metrics) && File.ReadLines(metrics).Count() > 1))
        {
            Thread.Sleep(10);
        }
        Send(process, signal);
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(code), said);
        Assert.That(said, Does.Match(
            "jarn: finishing this step; press Ctrl-C again to stop at once\n"
            + $"jarn: interrupted after step (\\d+) of 12000; everything so far is saved\\. To resume: jarn train --resume {_folder["run"]}\n$"));
        string checkpoint = Path.GetFileNameWithoutExtension(ToyRun.Checkpoints(_folder["run"]).Single());
        Assert.That(said, Does.Contain($"after step {int.Parse(checkpoint[5..], CultureInfo.InvariantCulture)} of"));
    }

    [Test]
    public void A_disk_that_fills_up_during_a_checkpoint_leaves_the_one_before_it()
    {
        string disk = _folder["disk"];
        Directory.CreateDirectory(disk);
        // Two checkpoints of 12 MB fit, and no third beside them.
        if (Shell($"mount -t tmpfs -o size=32m tmpfs {disk}") != 0)
        {
            Assert.Ignore("a small file system can't be mounted here: that takes root");
        }
        try
        {
            ToyRun run = new(ToyRun.Options("standard"));
            string folder = Path.Combine(disk, "run");
            string message = Assert.Throws<UserErrorException>(() => run.Execute(folder))!.Message;
            Assert.That(message, Does.StartWith("step 3 was not saved: cannot write ").And.Contain("No space left"));
            Assert.That(message, Does.EndWith($". The checkpoint before it is kept. To resume: jarn train --resume {folder}"));
            Assert.That(message.Split('\n'), Has.Length.EqualTo(1));
            Assert.That(ToyRun.Checkpoints(folder).Select(CheckpointFile.Verify).Select(progress => progress.Step), Is.EqualTo(new[] { 1, 2 }));
            Assert.That(Shell($"mount -o remount,size=80m {disk}"), Is.Zero);
            run.Execute(folder);
            run.Execute(_folder["whole"]);
            Assert.That(ToyRun.Model(folder), Is.EqualTo(ToyRun.Model(_folder["whole"])));
        }
        finally
        {
            Shell($"umount {disk}");
        }
    }

    private void KillAndResume(int kills)
    {
        long begin = Stopwatch.GetTimestamp();
        Finish("whole", resume: false);
        TimeSpan duration = Stopwatch.GetElapsedTime(begin);
        Random random = new(kills);
        int killed = 0, whileTraining = 0, runs = 0;
        while (killed < kills)
        {
            string name = $"run{runs++}";
            while (killed < kills)
            {
                using Process process = Start(name, HasBegun(name), Short);
                if (process.WaitForExit(duration * random.NextDouble()))
                {
                    Assert.That(process.ExitCode, Is.Zero, process.StandardError.ReadToEnd());
                    break;
                }
                process.Kill();
                process.WaitForExit();
                killed++;
                whileTraining += HasBegun(name) ? 1 : 0;
            }
            Finish(name, HasBegun(name));
            Assert.That(ToyRun.Model(_folder[name]), Is.EqualTo(ToyRun.Model(_folder["whole"])), $"after {killed} kills");
            Assert.That(ToyRun.Metrics(_folder[name]), Is.EqualTo(ToyRun.Metrics(_folder["whole"])));
            Assert.That(EventReader.OfRun(_folder[name]), Is.EqualTo(EventReader.OfRun(_folder["whole"])));
            Assert.That(Directory.GetFileSystemEntries(_folder[name]), Has.Length.EqualTo(5));
        }
        TestContext.Out.WriteLine($"{killed} kills, {whileTraining} of them after the run's folder was begun, over {runs} runs of {duration.TotalSeconds:0.0} s");
    }

    /// <summary>Before there is a config.json the same command is given again.</summary>
    private bool HasBegun(string name) => File.Exists(Path.Combine(_folder[name], "config.json"));

    private void Finish(string name, bool resume)
    {
        using Process process = Start(name, resume, Short);
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, said);
    }

    private Process Start(string name, bool resume, params string[] more)
    {
        string[] arguments = resume ? ["--resume", _folder[name], "--report", "off", "--quiet"] : [.. Options, .. more, "--output", _folder[name]];
        ProcessStartInfo start = new(Environment.ProcessPath!, [typeof(TrainOptions).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static void Send(Process process, string signal) => Shell($"kill -{signal} {process.Id}");

    private static int Shell(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
