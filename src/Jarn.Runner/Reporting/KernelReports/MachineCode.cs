using System.Text.RegularExpressions;

namespace Jarn.Runner.Reporting.KernelReports;

/// <param name="Opcode">The name with its modifiers: <c>LDS.128</c>.</param>
/// <param name="IsPredicated">Whether it takes effect only where a predicate holds.</param>
/// <param name="Target">The index of the instruction that it may branch to, or null.</param>
public sealed record Instruction(string Opcode, bool IsPredicated, int? Target)
{
    private readonly string[] _modifiers = Opcode.Split('.')[1..];

    /// <summary>The opcode without its modifiers.</summary>
    public string Operation { get; } = Opcode.Split('.')[0];

    public bool IsMultiplyAdd => Operation is "FFMA" or "HMMA";

    public bool IsMemoryAccess => Operation is "LDG" or "STG" or "LDS" or "STS" or "LDSM" or "LDGSTS";

    /// <summary>Whether it loads 16 bytes a thread: from global memory, from shared memory or from the one to the other.</summary>
    public bool IsWideLoad => Operation is "LDG" or "LDS" or "LDGSTS" && _modifiers.Contains("128");

    /// <summary>The bytes that a warp loads from shared memory with it.</summary>
    public int SharedLoadBytes => Operation switch
    {
        // Of 8×8 matrices of 2-byte elements, each 128 bytes, it loads 1, 2 or 4.
        "LDSM" => 128 * (_modifiers.Contains("4") ? 4 : _modifiers.Contains("2") ? 2 : 1),
        "LDS" => 32 * (_modifiers.Contains("128") ? 16 : _modifiers.Contains("64") ? 8 : 4),
        _ => 0,
    };

    /// <summary>Whether the instruction behind it is never reached from it.</summary>
    public bool EndsFlow => !IsPredicated && Operation is ("BRA" or "BRX" or "JMP" or "RET" or "EXIT");
}

/// <summary>A kernel's SASS as <c>nvdisasm --print-code</c> prints it.</summary>
public sealed partial record MachineCode(IReadOnlyList<Instruction> Instructions)
{
    /// <summary>The code of each function, by name.</summary>
    public static IReadOnlyDictionary<string, MachineCode> Parse(string listing)
    {
        Dictionary<string, MachineCode> functions = [];
        string[] sections = SectionStart().Split(listing);
        // What stands before the first section, then name and text in turn.
        for (int i = 1; i + 1 < sections.Length; i += 2)
        {
            functions[sections[i]] = ParseSection(sections[i + 1]);
        }
        return functions;
    }

    /// <summary>
    /// Of the loops that contain no other, the one with the most multiply-adds; among equals the one with the most memory accesses, then the longest:
    /// where the time goes. Null for straight code.
    /// </summary>
    public IReadOnlyList<Instruction>? HottestLoop()
    {
        Dictionary<int, HashSet<int>> loops = Loops();
        return loops
            .Where(loop => !loops.Keys.Any(header => header != loop.Key && loop.Value.Contains(header)))
            .Select(loop => loop.Value.Order().Select(index => Instructions[index]).ToArray())
            .OrderByDescending(body => body.Count(instruction => instruction.IsMultiplyAdd))
            .ThenByDescending(body => body.Count(instruction => instruction.IsMemoryAccess))
            .ThenByDescending(body => body.Length)
            .FirstOrDefault();
    }

    /// <summary>
    /// The natural loops by their first instruction: a branch back to it, and all that reaches the branch without passing it (Aho et al., Compilers,
    /// §9.6). A backward branch that the entry reaches otherwise comes from code laid aside, and is none.
    /// </summary>
    private Dictionary<int, HashSet<int>> Loops()
    {
        List<int>[] predecessors = [.. Instructions.Select(_ => new List<int>())];
        for (int i = 0; i < Instructions.Count; i++)
        {
            if (i + 1 < Instructions.Count && !Instructions[i].EndsFlow)
            {
                predecessors[i + 1].Add(i);
            }
            if (Instructions[i].Target is int target)
            {
                predecessors[target].Add(i);
            }
        }
        Dictionary<int, HashSet<int>> loops = [];
        for (int branch = 0; branch < Instructions.Count; branch++)
        {
            // A branch to itself ends each function: nothing gets there.
            if (Instructions[branch].Target is int header && header < branch && Body(header, branch) is { } body)
            {
                loops.TryAdd(header, []);
                loops[header].UnionWith(body);
            }
        }
        return loops;

        HashSet<int>? Body(int header, int branch)
        {
            HashSet<int> body = [header, branch];
            Stack<int> open = new([branch]);
            while (open.TryPop(out int at))
            {
                if (at == 0)
                {
                    return null;
                }
                foreach (int before in predecessors[at])
                {
                    if (body.Add(before))
                    {
                        open.Push(before);
                    }
                }
            }
            return body;
        }
    }

    private static MachineCode ParseSection(string text)
    {
        List<(string Opcode, bool IsPredicated, string? Label)> lines = [];
        Dictionary<string, int> labels = [];
        foreach (Match match in Line().Matches(text))
        {
            if (match.Groups["label"] is { Success: true } label)
            {
                labels[label.Value] = lines.Count;
            }
            else
            {
                Group target = match.Groups["target"];
                string opcode = match.Groups["opcode"].Value;
                // BSSY names where its threads meet again: it doesn't go there.
                bool isBranch = target.Success && opcode.StartsWith("BRA", StringComparison.Ordinal);
                lines.Add((opcode, match.Groups["predicate"].Success, isBranch ? target.Value : null));
            }
        }
        return new MachineCode([.. lines.Select(line => new Instruction(
            line.Opcode, line.IsPredicated,
            line.Label is not null && labels.TryGetValue(line.Label, out int target) && target < lines.Count ? target : null))]);
    }

    [GeneratedRegex(@"^\s*\.section\s+\.text\.([^,\s]+).*$", RegexOptions.Multiline)]
    private static partial Regex SectionStart();

    [GeneratedRegex(
        @"^(?<label>\.L\w*):|^\s+/\*[0-9a-f]+\*/\s+(?<predicate>@!?U?P\w+\s+)?(?<opcode>[A-Z][A-Z0-9_.]*)(?:[^;\n]*`\((?<target>[^)]+)\))?[^;\n]*;",
        RegexOptions.Multiline)]
    private static partial Regex Line();
}
