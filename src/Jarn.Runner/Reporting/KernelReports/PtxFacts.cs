using System.Globalization;
using System.Text.RegularExpressions;

namespace Jarn.Runner.Reporting.KernelReports;

/// <summary>What a kernel's PTX tells without an assembler.</summary>
/// <param name="SharedBytes">Declared for a group.</param>
/// <param name="WideLoads">Instructions that load 16 bytes a thread, from global or shared memory or from the one to the other.</param>
/// <param name="HasLocalMemory">Whether a thread has an array, or a struct that registers don't hold.</param>
/// <param name="HasExternalFunctions">Whether something is left for a linker to find.</param>
public sealed partial record PtxFacts(int SharedBytes, int WideLoads, bool HasLocalMemory, bool HasExternalFunctions)
{
    public static PtxFacts Of(string text) => new(
        SharedArray().Matches(text)
            .Sum(match => int.Parse(match.Groups["length"].ValueSpan, CultureInfo.InvariantCulture) * BytesOf(match.Groups["bits"].ValueSpan)),
        WideLoad().Count(text),
        LocalMemory().IsMatch(text),
        text.Contains(".extern .func", StringComparison.Ordinal));

    private static int BytesOf(ReadOnlySpan<char> bits) => int.Parse(bits, CultureInfo.InvariantCulture) / 8;

    [GeneratedRegex(@"^\s*\.shared\s+(?:\.align\s+\d+\s+)?\.[bfsu](?<bits>\d+)\s+\w+\[(?<length>\d+)\]", RegexOptions.Multiline)]
    private static partial Regex SharedArray();

    [GeneratedRegex(@"\bld\.(?:\w+\.)*?(?:v4\.[bfsu]32|v2\.[bfsu]64)\b|\bcp\.async\.\S*\s[^;]*,\s*16\b")]
    private static partial Regex WideLoad();

    [GeneratedRegex(@"\.local\b")]
    private static partial Regex LocalMemory();
}
