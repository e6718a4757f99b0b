using System.Globalization;
using System.Text.RegularExpressions;

namespace Jarn.Runner.Reporting.KernelReports;

/// <summary>The resources of a kernel and the functions that it calls, as NVIDIA's assembler reports them: <c>ptxas --verbose</c>.</summary>
/// <param name="Registers">Registers per thread.</param>
/// <param name="SpillStores">Bytes that a thread stores because it has too few registers.</param>
/// <param name="SpillLoads">Bytes that a thread loads because it has too few registers.</param>
/// <param name="StackBytes">Bytes of local memory per thread, for arrays and spilled registers.</param>
/// <param name="SharedBytes">Bytes of shared memory per group.</param>
public sealed partial record AssemblerReport(int Registers, int SpillStores, int SpillLoads, int StackBytes, int SharedBytes)
{
    /// <summary>Parses the assembler's output. The reports are by the kernels' names.</summary>
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
