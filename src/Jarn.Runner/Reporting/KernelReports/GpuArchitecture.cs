namespace Jarn.Runner.Reporting.KernelReports;

/// <summary>
/// What a multiprocessor has to share out among the groups that reside on it, after the table "Technical Specifications per Compute Capability" of
/// NVIDIA's CUDA C++ Programming Guide and the data of its Occupancy Calculator.
/// </summary>
/// <param name="Name">The name that NVIDIA's tools use: sm_80.</param>
/// <param name="SharedBytes">The largest carve-out for shared memory.</param>
public sealed record GpuArchitecture(string Name, int SharedBytes)
{
    private const int Registers = 64 * 1024, Threads = 2048, MostGroups = 32, Warp = 32;

    // Registers are given out by the warp, in so many; and to four warps at a time, one for each scheduler.
    private const int RegisterUnit = 256, WarpUnit = 4;

    // Shared memory is given out in so many bytes, of which the system takes the first kilobyte of each group for itself.
    private const int SharedUnit = 128, SharedReserved = 1024;

    /// <summary>A100; its ILGPU code also runs on the other cards of compute capability 8, which have less shared memory.</summary>
    public static GpuArchitecture Ampere { get; } = new("sm_80", 164 * 1024);

    /// <summary>The architecture of H100 and H200.</summary>
    public static GpuArchitecture Hopper { get; } = new("sm_90", 228 * 1024);

    public static IReadOnlyList<GpuArchitecture> All { get; } = [Ampere, Hopper];

    /// <summary>The number of groups that a multiprocessor holds at a time; 0 if a single group doesn't fit.</summary>
    /// <param name="threads">Threads per group.</param>
    /// <param name="registers">Registers per thread.</param>
    /// <param name="sharedBytes">Bytes of shared memory per group.</param>
    public int ResidentGroups(int threads, int registers, int sharedBytes)
    {
        int warps = RoundUp(threads, Warp) / Warp;
        int byRegisters = RoundDown(Registers / RoundUp(Math.Max(registers, 1) * Warp, RegisterUnit), WarpUnit) / warps;
        int byShared = SharedBytes / RoundUp(sharedBytes + SharedReserved, SharedUnit);
        return Math.Min(Math.Min(byRegisters, byShared), Math.Min(Threads / (warps * Warp), MostGroups));
    }

    public override string ToString() => Name;

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    private static int RoundDown(int value, int unit) => value / unit * unit;
}
