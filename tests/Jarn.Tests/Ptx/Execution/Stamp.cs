using System.Runtime.CompilerServices;

namespace Jarn.Tests.Ptx;

/// <summary>When and by whom memory was accessed: barriers passed, bar.warp.sync passed by the warp, and the thread's number in its group.</summary>
internal readonly record struct Stamp
{
    private const int ThreadBits = 10;
    private const int LaneBits = 5;

    private readonly ulong _bits;

    private Stamp(ulong bits) => _bits = bits;

    public uint Epoch => (uint)(_bits >> 32);

    public int Thread => (int)_bits & ((1 << ThreadBits) - 1);

    public int Warp => Thread >> LaneBits;

    public static Stamp Of(uint epoch, int synchronisations, int thread) =>
        new(((ulong)epoch << 32) | ((uint)synchronisations << ThreadBits) | (uint)thread);

    /// <summary>Whether nothing orders the two: no barrier, nor a bar.warp.sync within a warp, nor one thread's own order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool RacesWith(Stamp earlier)
    {
        ulong difference = _bits ^ earlier._bits;
        return (difference >> 32) == 0 && (difference & ((1 << ThreadBits) - 1)) != 0
            && (Warp != earlier.Warp || (difference & 0xFFFF_FFFF) >> ThreadBits == 0);
    }
}
