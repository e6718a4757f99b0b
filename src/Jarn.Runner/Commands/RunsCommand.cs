using Jarn.Runner.Reports;
using Jarn.Runner.Runs;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn runs</c>: looks at runs' folders and leaves them as they are.</summary>
public static class RunsCommand
{
    /// <summary>Where runs go that were not sent elsewhere.</summary>
    private const string Usual = "runs";

    public static int Run(RunsOptions options)
    {
        string[] folders = [.. options.Folders];
        if (options.Action != "list" && (options.Json || options.Sort is not null))
        {
            throw new UserErrorException($"{(options.Json ? "--json" : "--sort")} is for 'jarn runs list' alone: leave it out");
        }
        switch (options.Action)
        {
            case "list":
                RunOrder order = options.Sort is null ? RunOrder.When : OptionValue.Named<RunOrder>("--sort", options.Sort);
                List(folders is [] ? Usual : One(folders, "list"), order, options.Json);
                return ExitCode.Done.Number;
            case "show":
                RunSummary.Print(Terminal.Output, Overview(One(folders, "show")));
                return ExitCode.Done.Number;
            case "compare":
                RunComparison.Print(Terminal.Output, folders.Length >= 2 ? [.. folders.Select(Overview)]
                    : throw new UserErrorException("jarn runs compare sets runs side by side: give the folders of two or more"));
                return ExitCode.Done.Number;
            default:
                throw new UserErrorException(
                    $"{(options.Action is null ? "jarn runs lacks what to do" : $"jarn runs cannot {options.Action}")}: give list, show or compare");
        }
    }

    private static void List(string folder, RunOrder order, bool json)
    {
        RunList list = new(RunOverview.Under(folder), order);
        if (json)
        {
            Console.WriteLine(list.ToJson());
        }
        else if (list.IsEmpty)
        {
            Console.WriteLine($"{folder} holds no run: 'jarn train' makes one");
        }
        else
        {
            list.Print(Terminal.Output);
        }
    }

    private static string One(string[] folders, string action) => folders is [string one] ? one
        : throw new UserErrorException($"jarn runs {action} takes one folder, and {folders.Length} are given: give one");

    private static RunOverview Overview(string folder) => RunOverview.Of(folder)
        ?? throw new UserErrorException($"{folder} holds no run: give a folder that 'jarn runs list' names");
}
