using System.Text;
using System.Text.RegularExpressions;
using Jarn.Kernels;
using Jarn.Runner.Experiments;

namespace Jarn.Runner.Reporting.KernelReports;

/// <summary>Compiles kernels without a GPU and reads what NVIDIA's tools make of them.</summary>
/// <param name="tools">Null to read the PTX alone.</param>
/// <param name="architectures">The architectures to assemble for.</param>
public sealed partial class KernelReporter(CudaTools? tools, IReadOnlyList<GpuArchitecture> architectures)
{
    /// <summary>A report for each kernel, in their order.</summary>
    /// <exception cref="UserErrorException">A tool can't be used.</exception>
    public IReadOnlyList<KernelReport> Report(IReadOnlyList<GpuKernel> kernels, IDisplay display)
    {
        KernelReport[] reports = new KernelReport[kernels.Count];
        display.Track("Compiling kernels", kernels.Count, update =>
        {
            int done = 0;
            object gate = new();
            // A compiler and, since the disassembler takes long to start, a module for each core. Dealt out in turn: neighbours cost alike.
            int parts = Math.Clamp(kernels.Count, 1, Environment.ProcessorCount);
            try
            {
                Parallel.For(0, parts, part =>
                {
                    int[] indices = [.. Enumerable.Range(0, kernels.Count).Where(index => index % parts == part)];
                    KernelReport[] some = Report([.. indices.Select(index => kernels[index])]);
                    for (int i = 0; i < indices.Length; i++)
                    {
                        reports[indices[i]] = some[i];
                    }
                    lock (gate)
                    {
                        done += indices.Length;
                        update(done, $"{done} of {kernels.Count}");
                    }
                });
            }
            catch (AggregateException failures) when (failures.InnerExceptions.OfType<UserErrorException>().FirstOrDefault() is { } sentence)
            {
                throw sentence;
            }
        });
        return reports;
    }

    private KernelReport[] Report(GpuKernel[] kernels)
    {
        using PtxCompiler compiler = new();
        Draft[] drafts = [.. kernels.Select(kernel => Compile(compiler, kernel))];
        if (tools is not null)
        {
            foreach (GpuArchitecture architecture in architectures)
            {
                Assemble([.. drafts.Where(draft => draft.Failure is null)], tools, architecture);
            }
        }
        return [.. drafts.Select(draft => new KernelReport(
            draft.Kernel.Name, draft.Kernel.Family, draft.Kernel.Kind, draft.Kernel.GroupSize, draft.Failure,
            draft.Ptx is string text ? PtxFacts.Of(text) : null, draft.Kernel.MultiplyAddShare, draft.Machine))];
    }

    private static Draft Compile(PtxCompiler compiler, GpuKernel kernel)
    {
        try
        {
            return new Draft(kernel, compiler.Compile(kernel));
        }
        catch (KernelCompilationException exception)
        {
            return new Draft(kernel, null) { Failure = $"ILGPU can't compile it: {exception.Message}" };
        }
    }

    /// <summary>Assembles all kernels in one module. If that is refused, halves the module until the kernel is found that is to blame.</summary>
    private static void Assemble(ReadOnlySpan<Draft> drafts, CudaTools tools, GpuArchitecture architecture)
    {
        if (drafts.IsEmpty)
        {
            return;
        }
        (AssembledModule? module, string refusal) = tools.Assemble(Join(drafts), architecture);
        for (int i = 0; i < drafts.Length && module is not null; i++)
        {
            string name = EntryName(i);
            drafts[i].Machine[architecture.Name] = MachineReport.Of(
                module.Reports[name], module.Code[name], architecture, drafts[i].Kernel.GroupSize);
        }
        if (module is null && drafts.Length == 1)
        {
            drafts[0].Failure = $"ptxas refuses it for {architecture}: {refusal}";
        }
        else if (module is null)
        {
            Assemble(drafts[..(drafts.Length / 2)], tools, architecture);
            Assemble(drafts[(drafts.Length / 2)..], tools, architecture);
        }
    }

    /// <summary>One module under the first one's directives: ILGPU gives kernels of the same method the same name, so they are numbered.</summary>
    private static string Join(ReadOnlySpan<Draft> drafts)
    {
        StringBuilder module = new(Directives().Match(drafts[0].Ptx!).Value);
        for (int i = 0; i < drafts.Length; i++)
        {
            module.Append('\n').Append(Entry().Replace(Directives().Replace(drafts[i].Ptx!, ""), EntryName(i)));
        }
        return module.ToString();
    }

    private static string EntryName(int index) => $"kernel{index}";

    [GeneratedRegex(@"\A(?s:.*?)\.address_size\s+\d+")]
    private static partial Regex Directives();

    [GeneratedRegex(@"(?<=\.entry\s+)\w+")]
    private static partial Regex Entry();

    /// <summary>A report that is being put together.</summary>
    private sealed class Draft(GpuKernel kernel, string? ptx)
    {
        public GpuKernel Kernel { get; } = kernel;

        public string? Ptx { get; } = ptx;

        public string? Failure { get; set; }

        public Dictionary<string, MachineReport> Machine { get; } = [];
    }
}
