using Jarn.Kernels;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.KernelReports;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn kernels</c>: compiles the GPU kernels and examines the machine code, without a GPU.</summary>
public static class KernelsCommand
{
    public static int Run(KernelsOptions options)
    {
        GpuArchitecture[] architectures = [.. options.Architectures.Split(',').Select(Architecture)];
        GpuKernel[] kernels = [.. KernelCatalogue.All.Where(kernel =>
            options.Filter is not string filter || kernel.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        if (kernels.Length == 0)
        {
            throw new UserErrorException($"no kernel's name contains '{options.Filter}': 'jarn kernels' lists them all");
        }
        string? file = options.Json is null ? null : OptionValue.NewFile("--json", options.Json, ".json");
        CudaTools? tools = CudaTools.Find();
        if (options.Check && tools is null)
        {
            throw new UserErrorException($"--check needs NVIDIA's assembler: {CudaTools.HowToGet}");
        }
        IReadOnlyList<KernelReport> reports = new KernelReporter(tools, architectures).Report(kernels, Display.For(options.Quiet));
        string[] broken = [.. reports.SelectMany(KernelPromises.BrokenBy)];
        if (file is not null)
        {
            JsonFile.Write(file, new KernelReportFile(tools?.Version(), reports, broken));
        }
        Print(reports, tools is null ? [] : architectures, fold: options.Filter is null);
        foreach (string promise in broken)
        {
            Console.WriteLine($"Broken: {promise}");
        }
        Console.WriteLine(tools is null ? $"{CudaTools.HowToGet}."
            : $"{kernels.Length} kernels for {string.Join(" and ", architectures.AsEnumerable())}, ptxas {tools.Version()}: "
            + $"{(broken.Length == 0 ? "all promises kept" : $"{broken.Length} promises broken")}.");
        return (options.Check && broken.Length > 0 ? ExitCode.Failed : ExitCode.Done).Number;
    }

    private static void Print(IReadOnlyList<KernelReport> reports, IReadOnlyList<GpuArchitecture> architectures, bool fold)
    {
        KernelTable table = new(Terminal.Output, fold);
        if (architectures.Count == 0)
        {
            table.PrintPtx(reports);
        }
        foreach (GpuArchitecture architecture in architectures)
        {
            table.PrintMachine(reports, architecture);
        }
    }

    private static GpuArchitecture Architecture(string name) => GpuArchitecture.All.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw OptionValue.NoneOf("--arch", name, [.. GpuArchitecture.All.Select(architecture => architecture.Name)]);
}
