using System.Globalization;
using Jarn.Kernels;
using Spectre.Console;

namespace Jarn.Runner.Reporting.KernelReports;

/// <summary>The kernels for people: a table an architecture, or one of what the PTX tells.</summary>
/// <param name="fold">Whether the kernels of a family that memory bounds share a row, which gives the range of their figures.</param>
public sealed class KernelTable(IAnsiConsole console, bool fold)
{
    /// <summary>Prints what is known without an assembler.</summary>
    public void PrintPtx(IReadOnlyList<KernelReport> kernels) => Print("PTX, not assembled", kernels,
    [
        ("Shared, B", kernel => kernel.Ptx?.SharedBytes),
        ("16-byte loads", kernel => kernel.Ptx?.WideLoads),
        (".local", kernel => kernel.Ptx is { } ptx ? ptx.HasLocalMemory ? 1 : 0 : null),
    ]);

    public void PrintMachine(IReadOnlyList<KernelReport> kernels, GpuArchitecture architecture)
    {
        Print(architecture.Name, kernels,
        [
            ("Registers", kernel => On(kernel)?.Assembly.Registers),
            ("Spills\nB", kernel => On(kernel)?.Assembly is { } assembly ? assembly.SpillStores + assembly.SpillLoads : null),
            ("Local\nB", kernel => On(kernel)?.Assembly.StackBytes),
            ("Shared\nB", kernel => On(kernel)?.Assembly.SharedBytes),
            ("Groups\n/SM", kernel => On(kernel)?.ResidentGroups),
            ("16 B\nloads", kernel => On(kernel)?.WideLoads),
            ("Loop", kernel => On(kernel)?.Loop?.Instructions),
            ("FFMA,\nHMMA", kernel => On(kernel)?.Loop is { } loop ? loop.Ffma + loop.Hmma : null),
            ("Share\n%", kernel => On(kernel)?.Loop is { } loop ? Math.Round(100 * loop.MultiplyAddShare, 1) : null),
            ("LDS B\n/HMMA", kernel => On(kernel)?.Loop is { Hmma: > 0 } loop ? Math.Round((double)loop.SharedLoadBytes / loop.Hmma) : null),
        ]);

        MachineReport? On(KernelReport kernel) => kernel.Machine.GetValueOrDefault(architecture.Name);
    }

    private void Print(string title, IReadOnlyList<KernelReport> kernels, IReadOnlyList<(string Header, Func<KernelReport, double?> Figure)> columns)
    {
        columns = [("Group", kernel => kernel.GroupSize), .. columns];
        TextTable table = new(["Kernel", .. columns.Select(column => new TextColumn(column.Header, IsNumber: true))]) { Title = title };
        foreach (KernelReport[] row in Rows(kernels))
        {
            // Type arguments on a line of their own: the names are long beside so many figures.
            string name = row is [KernelReport one]
                ? one.Name.Replace("<", "\n<", StringComparison.Ordinal)
                : $"{row[0].Family}\n({row.Length} kernels)";
            table.AddRow([name, .. columns.Select(column => Range(row.Select(column.Figure)))]);
        }
        console.Write(table);
    }

    private IEnumerable<KernelReport[]> Rows(IReadOnlyList<KernelReport> kernels) =>
        kernels.GroupBy(kernel => fold && kernel.Kind == KernelKind.Memory ? kernel.Family : kernel.Name).Select(group => group.ToArray());

    private static string Range(IEnumerable<double?> figures)
    {
        double[] known = [.. figures.OfType<double>().Order()];
        return known.Length == 0 ? "-"
            : known[0] == known[^1] ? known[0].ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{known[0]}-{known[^1]}");
    }
}
