using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn runs</c>.</summary>
[Verb("runs", HelpText = "List runs, show one, or compare several.")]
public sealed class RunsOptions
{
    [Value(0, MetaName = "ACTION", HelpText = "list, show or compare.")]
    public string? Action { get; set; }

    [Value(1, MetaName = "DIR", HelpText = "list: the folder with the runs (default: runs). show: a run's folder. compare: two or more.")]
    public IEnumerable<string> Folders { get; set; } = [];

    [Option("sort", MetaValue = "KEY",
        HelpText = "list: when (latest first), name, dataset, method, preset, seed, state, clean, attack or auto-attack (highest first).")]
    public string? Sort { get; set; }

    [Option("json", HelpText = "Print JSON.")]
    public bool Json { get; set; }

    [Option("csv", HelpText = "Print comma-separated values.")]
    public bool Csv { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("The most robust run first", new RunsOptions { Action = "list", Sort = "attack" }),
        new Example("A run's results, settings and files", new RunsOptions { Action = "show", Folders = ["runs/mnist"] }),
        new Example("Compare settings and results of two runs", new RunsOptions { Action = "compare", Folders = ["runs/one", "runs/other"] }),
    ];
}
