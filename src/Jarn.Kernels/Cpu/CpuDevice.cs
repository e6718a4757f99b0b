using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Jarn.Kernels;

/// <summary>
/// Vectorised float32 on all cores. Work is split in blocks by shape, never by the number of threads, and sums are added in a fixed
/// order: the same calls give the same bits on any number of threads.
/// </summary>
public sealed unsafe partial class CpuDevice : IDevice
{
    /// <summary>Elements a block of an elementwise operation: few enough to spread, enough to be worth the fork.</summary>
    private const int ElementsPerBlock = 16384;

    private readonly BufferPool _pool, _packs;
    private readonly WorkerPool _workers;
    private readonly Scratch _workspace = new();
    private readonly MatrixKernels _kernels;
    private readonly WinogradKernels _fourByThree, _fourByTwo;

    /// <param name="threads">Threads that work, the caller's included; 0 takes one per core.</param>
    /// <param name="instructionSet">The vectors of the matrix kernels.</param>
    /// <param name="emulate">
    /// Accept an instruction set that the machine lacks, for tests: the just-in-time compiler makes two halves of each vector, slowly.
    /// </param>
    /// <param name="winograd">
    /// Convolve by Winograd's algorithm where it is faster, with three to five times the rounding error. False: the sums themselves.
    /// </param>
    /// <exception cref="DeviceUnavailableException">The machine lacks the instruction set, and it is not to be emulated.</exception>
    public CpuDevice(int threads = 0, CpuInstructionSet instructionSet = CpuInstructionSet.Auto, bool emulate = false, bool winograd = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        InstructionSet = instructionSet == CpuInstructionSet.Auto ? SupportedInstructionSets[0] : instructionSet;
        if (!emulate && !SupportedInstructionSets.Contains(InstructionSet))
        {
            throw new DeviceUnavailableException(
                $"this processor ({ProcessorName()}) has no {InstructionSet}; it has {string.Join(", ", SupportedInstructionSets)}");
        }
        Winograd = winograd ? WinogradUse.WhereFaster : WinogradUse.Never;
        _kernels = MatrixKernels.For(InstructionSet);
        _fourByThree = WinogradKernels.FourByThree(InstructionSet);
        _fourByTwo = WinogradKernels.FourByTwo(InstructionSet);
        _workers = new WorkerPool(threads == 0 ? Environment.ProcessorCount : threads);
        _pool = new BufferPool(length => new CpuBuffer(this, length));
        _packs = new BufferPool(length => new CpuBuffer(this, length));
        Description = new DeviceDescription(
            DeviceKind.Cpu, ProcessorName(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, _workers.Threads, sizeof(float));
    }

    /// <summary>The instruction sets of this machine, the widest first.</summary>
    public static IReadOnlyList<CpuInstructionSet> SupportedInstructionSets { get; } =
    [
        .. Avx512F.IsSupported && Vector512.IsHardwareAccelerated ? [CpuInstructionSet.Avx512] : Array.Empty<CpuInstructionSet>(),
        .. Avx2.IsSupported && Fma.IsSupported ? [CpuInstructionSet.Avx2] : Array.Empty<CpuInstructionSet>(),
        CpuInstructionSet.Portable,
    ];

    /// <summary>What its kernels are made of, never <see cref="CpuInstructionSet.Auto"/>.</summary>
    public CpuInstructionSet InstructionSet { get; }

    internal WinogradUse Winograd { get; init; }

    public DeviceDescription Description { get; }

    public MemoryUse Memory => _pool.Use;

    public DeviceBuffer Allocate(int length) => _pool.Rent(length);

    public void Release(DeviceBuffer buffer)
    {
        Require.Own<CpuBuffer>(buffer, this).PackedFilters?.Return(_packs);
        _pool.Return(buffer);
    }

    public void Upload(ReadOnlySpan<float> source, DeviceBuffer destination)
    {
        Require.SameLength(source.Length, destination.Length);
        source.CopyTo(new Span<float>(Write(destination), destination.Length));
    }

    public void Upload(ReadOnlySpan<double> source, DeviceBuffer destination)
    {
        Require.SameLength(source.Length, destination.Length);
        float* target = Write(destination);
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = (float)source[i];
        }
    }

    public void Download(DeviceBuffer source, Span<float> destination)
    {
        Require.SameLength(source.Length, destination.Length);
        new Span<float>(Read(source), source.Length).CopyTo(destination);
    }

    public void Download(DeviceBuffer source, Span<double> destination)
    {
        Require.SameLength(source.Length, destination.Length);
        float* values = Read(source);
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = values[i];
        }
    }

    public void Execute<TCall>(in TCall call) where TCall : struct, IDeviceCall<TCall>
    {
        call.Check();
        call.Run(this);
    }

    /// <summary>Every method returns when its work is done.</summary>
    public void Synchronize()
    {
    }

    public void Dispose()
    {
        _workers.Dispose();
        _workspace.Dispose();
        _packs.Dispose();
        _pool.Dispose();
    }

    private static string ProcessorName()
    {
        const string information = "/proc/cpuinfo", key = "model name";
        string? line = File.Exists(information)
            ? File.ReadLines(information).FirstOrDefault(text => text.StartsWith(key, StringComparison.Ordinal))
            : null;
        return line is null ? $"{RuntimeInformation.ProcessArchitecture} processor" : line[(line.IndexOf(':') + 1)..].Trim();
    }

    private static int Blocks(int count, int perBlock) => (int)(((long)count + perBlock - 1) / perBlock);

    /// <summary>A buffer's memory, not to be changed.</summary>
    internal float* Read(DeviceBuffer buffer) => Require.Own<CpuBuffer>(buffer, this).Pointer;

    /// <summary>A buffer's memory, to be changed: what was derived from its earlier contents no longer holds.</summary>
    internal float* Write(DeviceBuffer buffer)
    {
        CpuBuffer own = Require.Own<CpuBuffer>(buffer, this);
        own.PackedFilters?.Expire();
        return own.Pointer;
    }

    /// <summary>What the device keeps of a call in its own memory, one slot a purpose.</summary>
    private static class Slot
    {
        public const int Zeros = 0, Partials = 1, Coefficients = 2, Transposed = 3, Winograd = 4, WinogradSums = 5, JoinedRows = 6;
    }

    private sealed class CpuBuffer(CpuDevice device, int length) : DeviceBuffer(device, length)
    {
        private const int Alignment = 64;

        public float* Pointer { get; private set; } = Allocate(device, length);

        /// <summary>What convolutions derived from the contents; null before the first.</summary>
        public PackedFilters? PackedFilters { get; set; }

        protected internal override void Free()
        {
            NativeMemory.AlignedFree(Pointer);
            Pointer = null;
        }

        private static float* Allocate(CpuDevice device, int length)
        {
            try
            {
                return (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), Alignment);
            }
            catch (OutOfMemoryException failure)
            {
                throw DeviceMemoryException.For(device, length, failure);
            }
        }
    }
}
