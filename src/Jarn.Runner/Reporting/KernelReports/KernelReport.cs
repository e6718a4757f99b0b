using Jarn.Kernels;

namespace Jarn.Runner.Reporting.KernelReports;

/// <summary>The content of the file that <c>jarn kernels --json</c> writes; docs/kernels-json.md documents it.</summary>
/// <param name="Assembler">Release of NVIDIA's assembler; null where it isn't there.</param>
/// <param name="Broken">The promises that a kernel breaks, each a sentence.</param>
public sealed record KernelReportFile(string? Assembler, IReadOnlyList<KernelReport> Kernels, IReadOnlyList<string> Broken);

/// <param name="Name">Class, method and type arguments.</param>
/// <param name="Family">Class and method.</param>
/// <param name="Kind">Whether arithmetic or memory traffic bounds its time.</param>
/// <param name="GroupSize">Threads of a full group.</param>
/// <param name="Failure">Why it could not be compiled or assembled; null where it could.</param>
/// <param name="Ptx">Null if ILGPU can't compile the kernel.</param>
/// <param name="PromisedShare">The least share of multiply-adds in the innermost loop of a product in float32.</param>
/// <param name="Machine">By the architecture's name; empty if NVIDIA's tools are not installed.</param>
public sealed record KernelReport(
    string Name, string Family, KernelKind Kind, int GroupSize, string? Failure, PtxFacts? Ptx, double PromisedShare,
    IReadOnlyDictionary<string, MachineReport> Machine);

/// <summary>A kernel on one architecture.</summary>
/// <param name="Assembly">Registers, spills, shared memory.</param>
/// <param name="ResidentGroups">Groups of the full size that a multiprocessor holds at a time.</param>
/// <param name="Instructions">The number of instructions in the whole kernel.</param>
/// <param name="WideLoads">The number of instructions in the whole kernel that load 16 bytes per thread.</param>
/// <param name="Loop">The innermost loop in which the time goes; null where there is none.</param>
public sealed record MachineReport(AssemblerReport Assembly, int ResidentGroups, int Instructions, int WideLoads, LoopReport? Loop)
{
    public static MachineReport Of(AssemblerReport assembly, MachineCode code, GpuArchitecture architecture, int groupSize) => new(
        assembly,
        architecture.ResidentGroups(groupSize, assembly.Registers, assembly.SharedBytes),
        code.Instructions.Count,
        code.Instructions.Count(instruction => instruction.IsWideLoad),
        code.HottestLoop() is { } loop ? LoopReport.Of(loop) : null);
}

/// <param name="Instructions">Instructions that one pass issues, including those whose predicate is false.</param>
/// <param name="Ffma">Multiply-add instructions, each for 32 threads.</param>
/// <param name="Hmma">Tensor-core instructions, each a product of small matrices.</param>
/// <param name="SharedLoadBytes">Bytes that a warp loads from shared memory in one pass.</param>
/// <param name="Opcodes">How often each opcode occurs, by its name with modifiers.</param>
public sealed record LoopReport(int Instructions, int Ffma, int Hmma, int SharedLoadBytes, IReadOnlyDictionary<string, int> Opcodes)
{
    /// <summary>The share of multiply-adds among the instructions, from 0 to 1.</summary>
    public double MultiplyAddShare => (double)(Ffma + Hmma) / Instructions;

    public static LoopReport Of(IReadOnlyList<Instruction> loop) => new(
        loop.Count,
        loop.Count(instruction => instruction.Operation == "FFMA"),
        loop.Count(instruction => instruction.Operation == "HMMA"),
        loop.Sum(instruction => instruction.SharedLoadBytes),
        new SortedDictionary<string, int>(
            loop.CountBy(instruction => instruction.Opcode).ToDictionary(count => count.Key, count => count.Value), StringComparer.Ordinal));
}
