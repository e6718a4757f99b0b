using Jarn.Kernels;
using Jarn.Runner.Reporting.KernelReports;

namespace Jarn.Tests.KernelReports;

public sealed class GpuCardTests
{
    private static readonly GpuCard Card = new("toy", "TOY", Float32: 100, Tf32: 800, Bandwidth: 40);

    [TestCase("NVIDIA H100 80GB HBM3", "H100 SXM")]
    [TestCase("NVIDIA H100 PCIe", "H100 PCIe")]
    [TestCase("NVIDIA A100-SXM4-80GB", "A100 SXM 80 GB")]
    [TestCase("NVIDIA L4", "L4")]
    [TestCase("NVIDIA L40", null)]
    [TestCase("NVIDIA GeForce RTX 3090", "RTX 3090")]
    [TestCase("NVIDIA GeForce RTX 3090 Ti", null)]
    [TestCase("AMD EPYC", null)]
    public void A_card_is_known_by_its_whole_name(string driversName, string? name) =>
        Assert.That(GpuCard.Named(driversName)?.Name, Is.EqualTo(name));

    [TestCase(true, 400, 10, MatMulPrecision.Float32, 4, false)]
    [TestCase(true, 400, 10, MatMulPrecision.TF32, 1, true)]
    [TestCase(false, 400, 10, MatMulPrecision.TF32, 4, false, Description = "tensor cores compute products only")]
    [TestCase(true, 400, 100, MatMulPrecision.Float32, 10, true)]
    public void The_longer_of_arithmetic_and_traffic_counts(
        bool isProduct, double operations, long elements, MatMulPrecision precision, double seconds, bool isMemoryBound)
    {
        WorkEntry work = new("operation", new CallCost("shape", operations, elements - 1, Writes: 1, isProduct), Calls: 7);
        Assert.That((Card.Seconds(work, precision), Card.IsMemoryBound(work, precision)), Is.EqualTo((seconds, isMemoryBound)));
    }
}
