using Jarn.Kernels;

namespace Jarn.Runner.Reporting.KernelReports;

/// <summary>The peak performance of a card, from NVIDIA's data sheets; TF32 without sparsity.</summary>
/// <param name="Name">The name in tables.</param>
/// <param name="Mark">The end of the name that the driver reports.</param>
/// <param name="Float32">Floating-point operations per second in float32.</param>
/// <param name="Tf32">Floating-point operations per second of TF32 tensor cores.</param>
/// <param name="Bandwidth">The memory's bytes per second.</param>
public sealed record GpuCard(string Name, string Mark, double Float32, double Tf32, double Bandwidth)
{
    public static GpuCard H100 { get; } = new("H100 SXM", "H100 80GB HBM3", 66.9e12, 494.7e12, 3.35e12);

    public static GpuCard A100 { get; } = new("A100 SXM 80 GB", "A100-SXM4-80GB", 19.5e12, 156e12, 2.039e12);

    public static IReadOnlyList<GpuCard> All { get; } =
    [
        H100,
        A100,
        new("H200 SXM", "H200", 66.9e12, 494.7e12, 4.8e12),
        new("H100 PCIe", "H100 PCIe", 51.2e12, 378e12, 2.0e12),
        new("A100 SXM 40 GB", "A100-SXM4-40GB", 19.5e12, 156e12, 1.555e12),
        new("A100 PCIe 80 GB", "A100 80GB PCIe", 19.5e12, 156e12, 1.935e12),
        new("A100 PCIe 40 GB", "A100-PCIE-40GB", 19.5e12, 156e12, 1.555e12),
        new("L4", "L4", 30.3e12, 60e12, 0.3e12),
        new("RTX 4090", "RTX 4090", 82.6e12, 82.6e12, 1.008e12),
        new("RTX 3090", "RTX 3090", 35.6e12, 35.6e12, 0.936e12),
    ];

    /// <summary>The card of this name, or null where none is known: its peak is not guessed.</summary>
    public static GpuCard? Named(string driversName) =>
        All.Where(card => driversName.EndsWith($" {card.Mark}", StringComparison.Ordinal)).SingleOrDefault();

    public double Peak(MatMulPrecision precision) => precision == MatMulPrecision.TF32 ? Tf32 : Float32;

    /// <summary>
    /// The seconds that one call takes at the least: its operations at the peak, or its bytes at full bandwidth, whichever is longer.
    /// </summary>
    public double Seconds(WorkEntry work, MatMulPrecision precision) => Math.Max(ComputeSeconds(work, precision), work.BytesPerCall / Bandwidth);

    /// <summary>Whether memory, not arithmetic, decides over that.</summary>
    public bool IsMemoryBound(WorkEntry work, MatMulPrecision precision) => work.BytesPerCall / Bandwidth >= ComputeSeconds(work, precision);

    private double ComputeSeconds(WorkEntry work, MatMulPrecision precision) =>
        work.OperationsPerCall / (work.IsProduct ? Peak(precision) : Float32);
}
