using System.Globalization;
using Jarn.Kernels;

namespace Jarn.Runner.Reporting.KernelReports;

/// <summary>What kernels must keep to. docs/gpu.md gives the reasons.</summary>
public static class KernelPromises
{
    /// <summary>Groups of a product that a multiprocessor holds at a time, so that one computes while the other waits at a barrier.</summary>
    public const int LeastResidentGroups = 2;

    /// <summary>
    /// Threads of float32 products that it holds, three groups of 160 or two of 256: FFMA's latency wants some four warps for each of its four
    /// schedulers.
    /// </summary>
    public const int LeastResidentThreads = 480;

    /// <summary>A sentence for each promise that the kernel breaks.</summary>
    public static IEnumerable<string> BrokenBy(KernelReport kernel) =>
        Breaches(kernel).Concat(kernel.Machine.SelectMany(machine => Breaches(kernel, machine.Value).Select(breach => $"{breach} on {machine.Key}")))
            .Select(breach => $"{kernel.Name} {breach}");

    private static IEnumerable<string> Breaches(KernelReport kernel)
    {
        if (kernel.Failure is string failure)
        {
            yield return $"could not be compiled: {failure.ReplaceLineEndings(" ")}";
        }
        if (kernel.Ptx is { HasExternalFunctions: true })
        {
            yield return "calls an undefined function (.extern .func)";
        }
        if (kernel is { Kind: not KernelKind.Memory, Ptx.HasLocalMemory: true })
        {
            yield return "is a product that uses local memory (.local)";
        }
    }

    private static IEnumerable<string> Breaches(KernelReport kernel, MachineReport machine)
    {
        AssemblerReport assembly = machine.Assembly;
        if (assembly.SpillStores + assembly.SpillLoads > 0)
        {
            yield return $"spills registers, {assembly.SpillStores} bytes stored and {assembly.SpillLoads} loaded,";
        }
        if (kernel.Kind == KernelKind.Memory)
        {
            yield break;
        }
        if (assembly.StackBytes > 0)
        {
            yield return $"is a product that uses {assembly.StackBytes} bytes of local memory";
        }
        int threads = kernel.Kind == KernelKind.Product ? LeastResidentThreads : 0;
        if (machine.ResidentGroups < LeastResidentGroups || machine.ResidentGroups * kernel.GroupSize < threads)
        {
            yield return $"has {machine.ResidentGroups} resident groups of {kernel.GroupSize} threads, too few,";
        }
        double share = machine.Loop?.MultiplyAddShare ?? 0;
        if (kernel.Kind == KernelKind.Product && share < kernel.PromisedShare)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"spends {100 * share:0.0} % of its innermost loop's instructions on multiply-adds, not {100 * kernel.PromisedShare:0} %,");
        }
    }
}
