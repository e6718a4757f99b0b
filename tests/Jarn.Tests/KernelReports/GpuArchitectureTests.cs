using Jarn.Runner.Reporting.KernelReports;

namespace Jarn.Tests.KernelReports;

/// <summary>Against NVIDIA's Occupancy Calculator.</summary>
public sealed class GpuArchitectureTests
{
    [TestCase(256, 128, 0, 2)]
    [TestCase(256, 129, 0, 1)]
    [TestCase(128, 41, 0, 10, Description = "registers come by 256 a warp: 48 a thread")]
    [TestCase(160, 129, 0, 2, Description = "15 warps' registers would fit, but warps come by four")]
    [TestCase(256, 64, 0, 4)]
    [TestCase(256, 32, 0, 8, Description = "2048 threads")]
    [TestCase(256, 168, 0, 1)]
    [TestCase(128, 168, 0, 3)]
    [TestCase(128, 255, 0, 2)]
    [TestCase(1024, 64, 0, 1)]
    [TestCase(1024, 65, 0, 0, Description = "one group wants 72 K registers")]
    [TestCase(32, 16, 0, 32, Description = "32 groups")]
    [TestCase(33, 16, 0, 32, Description = "two warps a group")]
    public void Groups_by_threads_and_registers(int threads, int registers, int sharedBytes, int groups)
    {
        foreach (GpuArchitecture architecture in GpuArchitecture.All)
        {
            Assert.That(architecture.ResidentGroups(threads, registers, sharedBytes), Is.EqualTo(groups), architecture.Name);
        }
    }

    [TestCase(48 * 1024, 3, 4, Description = "49 KB with the system's kilobyte, of 164 and 228")]
    [TestCase((40 * 1024) + 1, 3, 5, Description = "41 KB and 128 bytes, of 164: not four")]
    [TestCase(40 * 1024, 4, 5)]
    [TestCase(8704, 8, 8, Description = "threads run out first")]
    public void Groups_by_shared_memory(int sharedBytes, int onAmpere, int onHopper) => Assert.That(
        GpuArchitecture.All.Select(architecture => architecture.ResidentGroups(256, 32, sharedBytes)), Is.EqualTo([onAmpere, onHopper]));
}
