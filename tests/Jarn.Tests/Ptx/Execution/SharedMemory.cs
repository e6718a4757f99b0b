using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Jarn.Tests.Ptx;

/// <summary>
/// A group's shared memory, with a shadow that knows of each unit who wrote and who read it last. Two accesses by different threads, one of them a
/// write, are a race unless a barrier lies between them, or a bar.warp.sync where both are of one warp; that lanes of a warp run together
/// orders nothing (PTX ISA, "Memory Consistency Model").
/// </summary>
internal sealed class SharedMemory
{
    /// <summary>Between variables, so that what runs over the end of one doesn't land in the next.</summary>
    public const int RedZone = 256;

    // Epochs that no barrier leads to: of units in no variable, and of those that a copy is under way to.
    private const uint NowhereEpoch = uint.MaxValue;
    private const uint CopyEpoch = uint.MaxValue - 1;

    private readonly byte[] _bytes;
    private readonly Shadow[] _shadow;

    /// <summary>A unit is a word of 4 bytes where no access is smaller; else a byte, since two threads may well write neighbouring bytes.</summary>
    private readonly int _unitShift;

    // Epochs count barriers, over all groups that this memory has served; what was written before the group's first one isn't there.
    private uint _epoch;
    private uint _firstEpoch;

    public SharedMemory(PtxProgram program)
    {
        _unitShift = program.SmallestSharedAccess >= 4 ? 2 : 0;
        _bytes = new byte[program.SharedBytes];
        _shadow = new Shadow[(program.SharedBytes >> _unitShift) + 1];
        Array.Fill(_shadow, new Shadow { Written = Stamp.Of(NowhereEpoch, 0, 0) });
        foreach ((int start, int bytes) in program.SharedVariables)
        {
            Array.Clear(_shadow, start >> _unitShift, Units(bytes));
        }
    }

    /// <summary>Called when another group begins.</summary>
    public void Begin() => _firstEpoch = ++_epoch;

    public void PassBarrier() => _epoch++;

    /// <exception cref="LaneFault">
    /// The bytes are in no variable, misaligned, written by nobody yet, or written by another thread since the last barrier.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ref byte Read(Warp warp, int lane, ulong address, int bytes)
    {
        CheckBounds(lane, address, bytes, "reads");
        Stamp stamp = StampOf(warp, lane);
        int first = (int)address >> _unitShift;
        for (int unit = first; unit < first + Units(bytes); unit++)
        {
            ref Shadow shadow = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_shadow), unit);
            Stamp written = shadow.Written;
            if (written != stamp)
            {
                if (written.Epoch < _firstEpoch || written.Epoch >= CopyEpoch)
                {
                    throw Unavailable(lane, unit, written, "reads");
                }
                if (stamp.RacesWith(written))
                {
                    throw Race(lane, unit, "reads", written, "has written");
                }
            }
            shadow.NoteReader(stamp);
        }
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), (int)address);
    }

    /// <exception cref="LaneFault">The bytes are in no variable, misaligned, or read or written by another thread since the last barrier.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ref byte Write(Warp warp, int lane, ulong address, int bytes)
    {
        NoteWrite(warp, lane, address, bytes, StampOf(warp, lane));
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), (int)address);
    }

    /// <summary>cp.async: until it is waited for, the bytes are nobody's.</summary>
    public void BeginCopy(Warp warp, int lane, ulong address, int bytes) =>
        NoteWrite(warp, lane, address, bytes, Stamp.Of(CopyEpoch, 0, warp.Thread(lane)));

    /// <summary>The thread that issued the copy has waited for it: from here on it counts as its write.</summary>
    public void EndCopy(Warp warp, int lane, ulong address, ReadOnlySpan<byte> value)
    {
        foreach (ref Shadow shadow in _shadow.AsSpan((int)address >> _unitShift, Units(value.Length)))
        {
            shadow.Written = StampOf(warp, lane);
        }
        value.CopyTo(_bytes.AsSpan((int)address));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Units(int bytes) => Math.Max(1, bytes >> _unitShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Stamp StampOf(Warp warp, int lane) => Stamp.Of(_epoch, warp.Synchronisations, warp.Thread(lane));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void NoteWrite(Warp warp, int lane, ulong address, int bytes, Stamp written)
    {
        CheckBounds(lane, address, bytes, "writes");
        Stamp stamp = StampOf(warp, lane);
        int first = (int)address >> _unitShift;
        for (int unit = first; unit < first + Units(bytes); unit++)
        {
            ref Shadow shadow = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_shadow), unit);
            if (shadow.Written.Epoch >= CopyEpoch)
            {
                throw Unavailable(lane, unit, shadow.Written, "writes");
            }
            if (stamp.RacesWith(shadow.Written))
            {
                throw Race(lane, unit, "writes", shadow.Written, "has written");
            }
            if (stamp.RacesWith(shadow.Reader) || stamp.RacesWith(shadow.OtherReader))
            {
                throw Race(lane, unit, "writes", stamp.RacesWith(shadow.Reader) ? shadow.Reader : shadow.OtherReader, "has read");
            }
            shadow.Written = written;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckBounds(int lane, ulong address, int bytes, string does)
    {
        if (address > (ulong)_bytes.Length || (ulong)bytes > (ulong)_bytes.Length - address)
        {
            throw new LaneFault(lane, $"{does} {bytes} bytes at {Hexadecimal(address)} of shared memory, outside of every variable");
        }
        if ((address & (ulong)(bytes - 1)) != 0)
        {
            throw new LaneFault(lane, $"{does} {bytes} bytes at {Hexadecimal(address)} of shared memory, which is misaligned");
        }
    }

    private LaneFault Unavailable(int lane, int unit, Stamp written, string does) =>
        new(lane, $"{does} {Where(unit)} of shared memory, " + written.Epoch switch
        {
            NowhereEpoch => "outside of every variable",
            CopyEpoch => $"to which a cp.async of thread {written.Thread} is under way that nothing has waited for",
            _ => "which nobody has written",
        });

    private LaneFault Race(int lane, int unit, string does, Stamp other, string did) =>
        new(lane, $"a race: {does} {Where(unit)} of shared memory, which thread {other.Thread} {did} since the last barrier");

    private string Where(int unit) => Hexadecimal((ulong)unit << _unitShift);

    private static string Hexadecimal(ulong address) => $"0x{address:x}";

    /// <summary>
    /// Of the readers since the last barrier two are kept, of two warps if there are: every write by a third thread is then a race with one.
    /// </summary>
    private struct Shadow
    {
        public Stamp Written, Reader, OtherReader;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void NoteReader(Stamp stamp)
        {
            if (stamp == Reader)
            {
                return;
            }
            bool keepsOther = stamp.Thread == Reader.Thread
                || (stamp.Warp == Reader.Warp && OtherReader.Epoch == stamp.Epoch && OtherReader.Warp != stamp.Warp);
            OtherReader = keepsOther ? OtherReader : Reader;
            Reader = stamp;
        }
    }
}
