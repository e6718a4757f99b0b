using System.Diagnostics;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Tests.Data;

namespace Jarn.Tests.Checkpoints;

/// <summary>
/// A disk that fills up while a run writes to it: the sentence that says so is not hidden by another failure, and what is saved stays.
/// </summary>
[Platform("Linux")]
public sealed class FullDiskTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    /// <summary>Two checkpoints of 12 MB fit, and no third beside them.</summary>
    [Test]
    public void During_a_checkpoint_leaves_the_one_before_it() => OnDisk("32m", disk =>
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
    });

    [Test]
    public void While_the_logs_are_written_ends_the_run_only_for_metrics_csv_and_leaves_the_checkpoint() => OnDisk("64m", disk =>
    {
        TrainOptions options = ToyRun.Options("standard", every: "1h");
        options.Settings["epochs"] = 100;
        ToyRun run = new(options, tensorBoard: true);
        string folder = Path.Combine(disk, "run"), filler = Path.Combine(disk, "filler"), message = "";
        run.Interrupt(folder, steps: 1);
        string said = ToyRun.Said(
            () => message = Assert.Throws<UserErrorException>(() => run.Execute(folder, display: new Filling(filler, atStep: 6)))!.Message);
        Assert.That(message, Is.EqualTo(
            $"cannot write {Path.Combine(folder, "metrics.csv")} (No space left on device): free some disk space. To resume: "
            + $"jarn train --resume {folder}"));
        Assert.That(said, Does.Match(
            @"^Note: cannot write \S+tfevents\S+ \(No space left on device\): free some disk space, or use --tensorboard off\. The run continues "));
        Assert.That(said.TrimEnd().Split('\n'), Has.Length.EqualTo(1), "once");
        Assert.That(ToyRun.Checkpoints(folder).Select(CheckpointFile.Verify).Select(progress => progress.Step), Is.EqualTo(new[] { 1 }));
        File.Delete(filler);
        Assert.That(run.Execute(folder).Accuracy, Is.Not.Empty);
        Assert.That(File.ReadLines(Path.Combine(folder, "metrics.csv")).Skip(1).Select(line => line.Split(',')[1]).Distinct().Count(),
            Is.EqualTo(100), "rows of each epoch");
    });

    [Test]
    public void For_TensorBoard_alone_ends_no_run()
    {
        new ToyRun(ToyRun.Options("standard")).Interrupt(_folder["run"], steps: 1);
        RunDirectory directory = RunDirectory.Existing(_folder["run"]);
        File.CreateSymbolicLink(directory.Events(RunConfiguration.Read(directory.Config)), "/dev/full");
        string said = ToyRun.Said(() => new ToyRun(ToyRun.Options("standard"), tensorBoard: true).Execute(_folder["run"]));
        Assert.That(said.Split("Note: cannot write "), Has.Length.EqualTo(2), said);
        Assert.That(directory.IsFinished);
    }

    [Test]
    public void For_the_page_alone_ends_no_run()
    {
        new ToyRun(ToyRun.Options("standard")).Execute(_folder["run"]);
        RunDirectory directory = RunDirectory.Existing(_folder["run"]);
        Directory.CreateDirectory(directory.Report);
        using CpuDevice device = new(threads: 1);
        using IRunFollower follower = new RunOutputs(Report: true, TensorBoard: false).Follow(directory);
        Assert.That(
            ToyRun.Said(() => follower.Finish(device, ToyRun.Digits.Test, Display.For(quiet: true))),
            Does.StartWith($"Note: cannot write {directory.Report} (")
                .And.EndsWith($"The run itself is complete. To write its report later: jarn report --checkpoint {_folder["run"]}\n"));
    }

    internal static int Shell(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private void OnDisk(string size, Action<string> test)
    {
        string disk = _folder["disk"];
        Directory.CreateDirectory(disk);
        if (Shell($"mount -t tmpfs -o size={size} tmpfs {disk}") != 0)
        {
            Assert.Ignore("a small file system can't be mounted here: that takes root");
        }
        try
        {
            test(disk);
        }
        finally
        {
            Shell($"umount {disk}");
        }
    }

    /// <summary>Takes all that is free on a disk at a step of the training.</summary>
    private sealed class Filling(string path, int atStep) : IDisplay
    {
        public void Track(string title, long total, Action<ProgressUpdate> task) => task((done, _) =>
        {
            if (title.StartsWith("Training", StringComparison.Ordinal) && done >= atStep && !File.Exists(path))
            {
                using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                try
                {
                    while (true)
                    {
                        file.Write(new byte[4096]);
                    }
                }
                catch (IOException)
                {
                    // Nothing is free any more.
                }
            }
        });

        public void Note(string line)
        {
        }
    }
}
