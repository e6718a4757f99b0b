using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn runs</c>: lists, shows and compares runs, and changes nothing in their folders.</summary>
public static class RunsCommand
{
    /// <summary>The folder of the runs if none is given.</summary>
    private const string Usual = "runs";

    public static int Run(RunsOptions options)
    {
        string[] folders = [.. options.Folders];
        if (options.Json && options.Csv)
        {
            throw new UserErrorException("--json and --csv are both given: give one of them");
        }
        if (options.Action != "list" && options.Sort is not null)
        {
            throw new UserErrorException("--sort has no effect here: it is for 'jarn runs list'");
        }
        switch (options.Action)
        {
            case "list":
                RunOrder order = options.Sort is null ? RunOrder.When : OptionValue.Named<RunOrder>("--sort", options.Sort);
                List(folders is [] ? Usual : One(folders, "list"), order, options);
                return ExitCode.Done.Number;
            case "show":
                Show(RunOverview.Required(One(folders, "show")), options);
                return ExitCode.Done.Number;
            case "compare":
                Compare(folders, options);
                return ExitCode.Done.Number;
            default:
                string fault = options.Action is null ? "jarn runs needs an action" : $"jarn runs has no action {options.Action}";
                throw new UserErrorException($"{fault}: give list, show or compare");
        }
    }

    private static void List(string folder, RunOrder order, RunsOptions options)
    {
        RunList list = new(RunOverview.Under(folder), order);
        if (options.Json || options.Csv)
        {
            Write(options, list.ToJson, list.ToCsv);
        }
        else if (list.IsEmpty)
        {
            Console.WriteLine($"There are no runs in {folder}: 'jarn train' makes one");
        }
        else
        {
            list.Print(Terminal.Output);
        }
    }

    private static void Show(RunOverview run, RunsOptions options)
    {
        if (options.Json || options.Csv)
        {
            Write(options, () => RunSummary.ToJson(run), () => RunSummary.ToCsv(run));
        }
        else if (run is { State: RunState.Broken, Configuration: null })
        {
            throw new UserErrorException($"the run in {run.Directory.Folder} is broken: {run.Fault}");
        }
        else
        {
            RunSummary.Print(Terminal.Output, run);
        }
    }

    private static void Compare(string[] folders, RunsOptions options)
    {
        RunComparison comparison = RunComparison.Of(folders.Length >= 2 ? [.. folders.Select(RunOverview.Required)]
            : throw new UserErrorException("jarn runs compare needs two or more runs: give their folders"));
        if (options.Json || options.Csv)
        {
            Write(options, comparison.ToJson, comparison.ToCsv);
        }
        else
        {
            comparison.Print(Terminal.Output);
        }
    }

    private static void Write(RunsOptions options, Func<string> json, Func<string> csv) =>
        Console.WriteLine((options.Json ? json() : csv()).TrimEnd('\n'));

    private static string One(string[] folders, string action) => folders is [string one] ? one
        : throw new UserErrorException($"jarn runs {action} takes one folder, but {folders.Length} are given: give one");
}
