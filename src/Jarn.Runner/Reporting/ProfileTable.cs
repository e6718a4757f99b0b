using Jarn.Kernels;
using Jarn.Runner.Reporting.Reproduction;
using Spectre.Console;

namespace Jarn.Runner.Reporting;

/// <summary>Prints where the time of the training steps went.</summary>
public static class ProfileTable
{
    /// <param name="entries">The times that the device measured.</param>
    /// <param name="totalMilliseconds">The time of all steps. What no operation accounts for is the host's: batches, tape, bookkeeping.</param>
    public static void Print(IAnsiConsole console, IReadOnlyList<ProfileEntry> entries, double totalMilliseconds)
    {
        TextTable table = new("Operation", Right("Calls"), Right("ms"), Right("µs per call"), Right("Share, %"))
        {
            Title = "Time of the training steps by operation",
        };
        double measured = entries.Sum(entry => entry.Milliseconds);
        foreach (ProfileEntry entry in entries)
        {
            table.AddRow(
                entry.Operation, Titles.Number(entry.Calls, "0"), Titles.Number(entry.Milliseconds, "0.0"),
                Titles.Number(1000 * entry.Milliseconds / entry.Calls, "0.0"), Titles.Number(100 * entry.Milliseconds / totalMilliseconds, "0.0"));
        }
        table.AddRow("all operations", "", Titles.Number(measured, "0.0"), "", Titles.Number(100 * measured / totalMilliseconds, "0.0"));
        table.AddRow(
            "host (batches, tape)", "", Titles.Number(totalMilliseconds - measured, "0.0"), "",
            Titles.Number(100 * (1 - (measured / totalMilliseconds)), "0.0"));
        console.Write(table);
    }

    private static TextColumn Right(string header) => new(header, IsNumber: true);
}
