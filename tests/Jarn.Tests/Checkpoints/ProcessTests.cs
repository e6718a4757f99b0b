using System.Diagnostics;
using System.Globalization;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Data;
using Jarn.Tests.Reports.TensorBoard;

namespace Jarn.Tests.Checkpoints;

/// <summary>The program itself, killed and signalled.</summary>
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
    [Category(TestCategory.Thorough)]
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
        WaitForFirstRow(process);
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

    /// <summary>The system sends it, and the shell sends it on.</summary>
    [Test]
    public void A_terminal_that_closes_and_says_so_twice_loses_no_step()
    {
        // The device auto loads what OpenCL drivers there are, and their libraries handle the signal in their own way.
        string[] options =
        [
            .. Options.Select(option => option == "cpu" ? "auto" : option), "--preset", "small", "--checkpoint-every", "1h", "--epochs", "1000",
        ];
        using Process process = Start([.. options, "--output", _folder["run"]], _ => { });
        WaitForFirstRow(process);
        Send(process, "HUP");
        Send(process, "HUP");
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(129));
        Assert.That(ToyRun.Checkpoints(_folder["run"]), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_run_under_nohup_goes_on_when_the_terminal_closes()
    {
        using Process process = Start(
            "run", resume: false, ["--checkpoint-every", "1h", "--epochs", "1000"], shell: "trap '' HUP; exec \"$0\" \"$@\"");
        WaitForFirstRow(process);
        Send(process, "HUP");
        Assert.That(process.WaitForExit(1000), Is.False);
        Send(process, "INT");
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(130));
    }

    [Test]
    public void A_terminal_that_can_no_longer_be_written_to_loses_no_step()
    {
        if (!File.Exists("/usr/bin/script"))
        {
            Assert.Ignore("there is no script(1) here, which makes a terminal");
        }
        string[] command =
        [
            Environment.ProcessPath!, typeof(TrainOptions).Assembly.Location, .. Options.Where(option => option != "--quiet"), "--checkpoint-every",
            "1h", "--epochs", "1000", "--output", _folder["run"],
        ];
        using Process terminal = Process.Start(
            new ProcessStartInfo("/usr/bin/script", ["-qefc", string.Join(' ', command.Select(ShellPath.Quoted)), "/dev/null"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        terminal.OutputDataReceived += (_, _) => { };
        terminal.BeginOutputReadLine();
        WaitForFirstRow(terminal);
        terminal.Kill();
        for (int wait = 0; wait < 600 && ToyRun.Checkpoints(_folder["run"]).Length == 0; wait++)
        {
            Thread.Sleep(100);
        }
        Assert.That(ToyRun.Checkpoints(_folder["run"]), Has.Length.EqualTo(1));
    }

    [Test]
    public void An_evaluation_that_is_interrupted_is_said_to_be_and_goes_on_without_training()
    {
        const string farewell = "jarn: interrupted during the evaluation; the training is done and saved. To resume: jarn train --resume ";
        string[] options = [.. Options.Select(option => option == "fgsm" ? "pgd100000" : option), "--epochs", "1", "--output", _folder["run"]];
        using Process process = Start(options, _ => { });
        while (!process.HasExited && !File.Exists(Path.Combine(_folder["run"], "model.safetensors")))
        {
            Thread.Sleep(10);
        }
        Send(process, "TERM");
        Assert.That(process.StandardError.ReadToEnd(), Does.EndWith($"{farewell}{_folder["run"]}\n"));
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(143));
        Assert.That(RunOverview.Of(_folder["run"]),
            Has.Property("StateInWords").EqualTo("trained, evaluation interrupted").And.Property("State").EqualTo(RunState.Trained));

        List<string> lines = [];
        using ManualResetEventSlim begun = new();
        using Process resumed = Start(["--resume", _folder["run"], "--report", "off"], line =>
        {
            lines.Add(line);
            if (line.Contains("on mnist-sketch:", StringComparison.Ordinal))
            {
                begun.Set();
            }
        });
        Assert.That(begun.Wait(60_000), "it was not resumed");
        Send(resumed, "HUP");
        Assert.That(resumed.StandardError.ReadToEnd(), Does.EndWith($"{farewell}{_folder["run"]}\n"));
        resumed.WaitForExit();
        Assert.That(resumed.ExitCode, Is.EqualTo(129));
        Assert.That(lines,
            Has.Some.EqualTo($"Resuming {_folder["run"]}: its 12 training steps are done, the evaluation is not").And.None.StartsWith("Training"));
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
        TestContext.Out.WriteLine(
            $"{killed} kills, {whileTraining} of them after the run's folder was begun, over {runs} runs of {duration.TotalSeconds:0.0} s");
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

    private void WaitForFirstRow(Process process)
    {
        string metrics = Path.Combine(_folder["run"], "metrics.csv");
        while (!process.HasExited && !(File.Exists(metrics) && File.ReadLines(metrics).Count() > 1))
        {
            Thread.Sleep(10);
        }
    }

    private Process Start(string name, bool resume, params string[] more) => Start(name, resume, more, shell: null);

    private Process Start(string name, bool resume, string[] more, string? shell) =>
        Start(resume ? ["--resume", _folder[name], "--report", "off", "--quiet"] : [.. Options, .. more, "--output", _folder[name]], _ => { }, shell);

    /// <param name="hear">Called with each line on its standard output.</param>
    /// <param name="shell">What is to start it, with it and its arguments for $0 and $@.</param>
    private static Process Start(string[] arguments, Action<string> hear, string? shell = null)
    {
        string[] program = [Environment.ProcessPath!, typeof(TrainOptions).Assembly.Location, .. arguments];
        ProcessStartInfo start = shell is null ? new(program[0], program[1..]) : new("/bin/sh", ["-c", shell, .. program]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => hear(line.Data ?? "");
        process.BeginOutputReadLine();
        return process;
    }

    private static void Send(Process process, string signal) => FullDiskTests.Shell($"kill -{signal} {process.Id}");
}
