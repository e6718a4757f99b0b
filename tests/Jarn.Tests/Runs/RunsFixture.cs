using Jarn.Runner.Experiments.Runs;
using Jarn.Tests.Checkpoints;
using Jarn.Tests.Data;
using Spectre.Console;

namespace Jarn.Tests.Runs;

/// <summary>Runs in every state: finished, interrupted, just begun, and folders that are none.</summary>
public abstract class RunsFixture
{
    private protected TemporaryFolder Folder { get; private set; } = null!;

    /// <summary>Two finished runs of one kind, one interrupted after its second step, one just begun, and what is none.</summary>
    [OneTimeSetUp]
    public void MakeRuns()
    {
        Folder = new TemporaryFolder();
        new ToyRun(ToyRun.Options("standard")).Execute(Run("finished"));
        new ToyRun(ToyRun.Options("jarn")).Interrupt(Run("stopped"), steps: 2);
        Copy("stopped", "unsaved");
        Directory.Delete(Path.Combine(Run("unsaved"), "checkpoints"), recursive: true);
        Folder.Write("runs/none/notes.txt", [1]);
        Folder.Write("runs/weights/other.safetensors", [1]);
    }

    [OneTimeTearDown]
    public void Delete() => Folder.Dispose();

    [TearDown]
    public void DeleteTrials()
    {
        foreach (string trial in Directory.GetDirectories(Run("."), "trial*"))
        {
            Directory.Delete(trial, recursive: true);
        }
    }

    protected static string Refusal(params string[] arguments)
    {
        (int exitCode, string error) = Jarn.Tests.Runner.CommandLineTests.Run(["runs", .. arguments]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
        return error;
    }

    protected static string Printed(Action<IAnsiConsole> print)
    {
        using StringWriter output = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 1000;
        print(console);
        return output.ToString();
    }

    protected (string Name, string State)[] States() => [.. RunOverview.Under(Run(".")).Select(run => (run.Name, run.StateInWords))];

    protected string Run(string name) => Folder[Path.Combine("runs", name)];

    protected string Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(Run(from), "*", SearchOption.AllDirectories))
        {
            Folder.Write(Path.Combine("runs", to, Path.GetRelativePath(Run(from), file)), File.ReadAllBytes(file));
        }
        return Run(to);
    }
}
