using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>The command line of <c>jarn runs</c>.</summary>
[Verb("runs", HelpText = "List the runs that are here, show one, or set some side by side.")]
public sealed class RunsOptions
{
    [Value(0, MetaName = "ACTION", HelpText = "list, show or compare.")]
    public string? Action { get; set; }

    [Value(1, MetaName = "DIR", HelpText = "list: the folder that runs are in, runs without it. show: a run's folder. compare: two or more.")]
    public IEnumerable<string> Folders { get; set; } = [];

    [Option("sort", MetaValue = "KEY", HelpText = "list: when (the latest first), name, dataset, method, preset, seed, state, clean or attack (the highest first).")]
    public string? Sort { get; set; }

    [Option("json", HelpText = "list: as JSON.")]
    public bool Json { get; set; }

    [Usage(ApplicationAlias = "jarn")]
    public static IEnumerable<Example> Examples =>
    [
        new Example("The most robust run first", new RunsOptions { Action = "list", Sort = "attack" }),
        new Example("What a run was made with and came to, and how it goes on", new RunsOptions { Action = "show", Folders = ["runs/mnist"] }),
        new Example("Where two runs differ", new RunsOptions { Action = "compare", Folders = ["runs/one", "runs/other"] }),
    ];
}
