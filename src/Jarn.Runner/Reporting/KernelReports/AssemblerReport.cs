using System.Globalization;
using System.Text.RegularExpressions;

namespace Jarn.Runner.Reporting.KernelReports;

/// <summary>What NVIDIA's assembler says of a kernel, with those functions that it calls: <c>ptxas --verbose</c>.</summary>
/// <param name="Registers">Of a thread.</param>
/// <param name="SpillStores">Bytes a thread stores because registers don't suffice.</param>
/// <param name="SpillLoads">Bytes a thread loads for the same reason.</param>
/// <param name="StackBytes">Local memory of a thread: arrays, and what is spilled.</param>
/// <param name="SharedBytes">Of a group.</param>
public sealed partial record AssemblerReport(int Registers, int SpillStores, int SpillLoads, int StackBytes, int SharedBytes)
{
    /// <summary>By the kernels' names.</summary>
    public static IReadOnlyDictionary<string, AssemblerReport> Parse(string output)
    {
        Dictionary<string, AssemblerReport> reports = [];
        string kernel = "";
        foreach (string line in output.Split('\n'))
        {
            if (Compiling().Match(line) is { Success: true } compiling)
            {
                kernel = compiling.Groups["name"].Value;
                reports[kernel] = new AssemblerReport(0, 0, 0, 0, 0);
            }
            else if (!reports.TryGetValue(kernel, out AssemblerReport? report))
            {
                continue;
            }
            else if (Stack().Match(line) is { Success: true } stack)
            {
                reports[kernel] = report with
                {
                    StackBytes = Math.Max(report.StackBytes, Number(stack, "frame")),
                    SpillStores = report.SpillStores + Number(stack, "stores"),
                    SpillLoads = report.SpillLoads + Number(stack, "loads"),
                };
            }
            else if (Used().Match(line) is { Success: true } used)
            {
                reports[kernel] = report with { Registers = Number(used, "registers"), SharedBytes = Number(used, "shared") };
            }
        }
        return reports;
    }

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true } found ? int.Parse(found.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("Compiling entry function '(?<name>[^']+)'")]
    private static partial Regex Compiling();

    [GeneratedRegex(@"(?<frame>\d+) bytes stack frame, (?<stores>\d+) bytes spill stores, (?<loads>\d+) bytes spill loads")]
    private static partial Regex Stack();

    [GeneratedRegex(@"Used (?<registers>\d+) registers(?:.*?\b(?<shared>\d+)(?:\+\d+)? bytes smem)?")]
    private static partial Regex Used();
}
