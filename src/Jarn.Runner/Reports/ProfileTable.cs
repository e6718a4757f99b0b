using System.Globalization;
using Jarn.Kernels;
using Spectre.Console;

namespace Jarn.Runner.Reports;

/// <summary>Where the time of the training steps went.</summary>
public static class ProfileTable
{
    /// <param name="console">Where to print.</param>
    /// <param name="entries">What the device measured.</param>
    /// <param name="totalMilliseconds">Of all steps; what no operation accounts for is the host's: batches, tape, bookkeeping.</param>
    public static void Print(IAnsiConsole console, IReadOnlyList<ProfileEntry> entries, double totalMilliseconds)
    {
        TextTable table = new("Operation", Right("Calls"), Right("ms"), Right("µs per call"), Right("Share, %")) { Title = "Where the training steps' time went" };
        double measured = entries.Sum(entry => entry.Milliseconds);
        foreach (ProfileEntry entry in entries)
        {
            table.AddRow(entry.Operation, Number(entry.Calls, "0"), Number(entry.Milliseconds, "0.0"), Number(1000 * entry.Milliseconds / entry.Calls, "0.0"),
                Number(100 * entry.Milliseconds / totalMilliseconds, "0.0"));
        }
        table.AddRow("all operations", "", Number(measured, "0.0"), "", Number(100 * measured / totalMilliseconds, "0.0"));
        table.AddRow("host: batches, tape", "", Number(totalMilliseconds - measured, "0.0"), "", Number(100 * (1 - (measured / totalMilliseconds)), "0.0"));
        console.Write(table);
    }

    private static TextColumn Right(string header) => new(header, IsNumber: true);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
