using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Jarn.Tests.Ptx;

/// <summary>A view among the arguments of a launch: what the kernel may access.</summary>
internal readonly record struct MemoryView(ulong Address, ulong Bytes)
{
    public ulong End => Address + Bytes;
}

/// <summary>
/// The views of a launch, at the addresses of this process, with a shadow: no word may be written by two groups, nor written by one and read by
/// another, since nothing orders groups; nor by two threads of a group without a barrier between.
/// </summary>
internal sealed class GlobalMemory
{
    private readonly Region[] _regions;
    private readonly GlobalTraffic? _traffic;

    /// <param name="traffic">Counts what is read and written, if anybody wants to know.</param>
    public GlobalMemory(IEnumerable<MemoryView> views, GlobalTraffic? traffic = null)
    {
        _traffic = traffic;
        // Views that overlap, as those of an operation in place do, share a shadow.
        List<Region> regions = [];
        foreach (MemoryView view in views.Where(view => view.Bytes > 0).OrderBy(view => view.Address))
        {
            if (regions.Count > 0 && view.Address < regions[^1].View.End)
            {
                MemoryView before = regions[^1].View;
                regions[^1] = new Region(before with { Bytes = Math.Max(before.End, view.End) - before.Address });
            }
            else
            {
                regions.Add(new Region(view));
            }
        }
        foreach (Region region in regions)
        {
            region.AllocateShadow();
        }
        _regions = [.. regions];
    }

    /// <exception cref="LaneFault">
    /// The bytes are in no view, misaligned, or written by another group or, since the last barrier, by another thread.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ref byte Read(Warp warp, int lane, ulong address, int bytes)
    {
        Region region = Find(lane, address, bytes, "reads");
        _traffic?.Read(region.View, bytes);
        ulong stamp = StampOf(warp, lane);
        ref Shadow shadow = ref region.ShadowOf(address);
        for (int word = 0; word < Words(bytes); word++, shadow = ref Unsafe.Add(ref shadow, 1))
        {
            // The exchanges are fences too: of two groups that write and read at the same time one sees the other.
            ulong read = shadow.Read;
            if (read != stamp && read != Shadow.SeveralGroups)
            {
                Interlocked.CompareExchange(ref shadow.Read, read == 0 || SameGroup(read, stamp) ? stamp : Shadow.SeveralGroups, read);
            }
            ulong written = shadow.Written;
            if (written != 0 && Races(written, stamp))
            {
                throw Race(lane, address + (4 * (ulong)word), "reads", written, "has written");
            }
        }
        return ref At(address);
    }

    /// <exception cref="LaneFault">
    /// The bytes are in no view, misaligned, or read or written by another group or, since the last barrier, by another thread.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ref byte Write(Warp warp, int lane, ulong address, int bytes)
    {
        Region region = Find(lane, address, bytes, "writes");
        _traffic?.Write(region.View, bytes);
        ulong stamp = StampOf(warp, lane);
        ref Shadow shadow = ref region.ShadowOf(address);
        for (int word = 0; word < Words(bytes); word++, shadow = ref Unsafe.Add(ref shadow, 1))
        {
            ulong written = Interlocked.Exchange(ref shadow.Written, stamp);
            if (written != 0 && Races(written, stamp))
            {
                throw Race(lane, address + (4 * (ulong)word), "writes", written, "has written");
            }
            ulong read = shadow.Read;
            if (read != 0 && (read == Shadow.SeveralGroups || Races(read, stamp)))
            {
                throw Race(lane, address + (4 * (ulong)word), "writes", read, "has read");
            }
        }
        return ref At(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Region Find(int lane, ulong address, int bytes, string does)
    {
        foreach (Region region in _regions)
        {
            if (address - region.View.Address < region.View.Bytes && region.View.End - address >= (ulong)bytes)
            {
                return (address & (ulong)(bytes - 1)) == 0
                    ? region
                    : throw new LaneFault(lane, $"{does} {bytes} bytes at 0x{address:x} of global memory, which is misaligned");
            }
        }
        throw new LaneFault(lane, $"{does} {bytes} bytes at 0x{address:x}, outside of every view that the kernel was given: {Nearest(address)}");
    }

    private string Nearest(ulong address)
    {
        if (_regions.Length == 0)
        {
            return "there is none";
        }
        MemoryView view =
            _regions.MinBy(region => address < region.View.Address ? region.View.Address - address : address - region.View.Address)!.View;
        return address < view.Address
            ? $"{view.Address - address} bytes before one of {view.Bytes} bytes"
            : $"{address - view.Address} bytes into one of {view.Bytes} bytes";
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Words(int bytes) => Math.Max(1, bytes / sizeof(uint));

    /// <summary>The group, counted from 1, its barriers, and the thread: never 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong StampOf(Warp warp, int lane) =>
        ((ulong)(uint)(warp.Group.Index + 1) << 32) | ((ulong)((uint)warp.Group.Barriers & 0x3F_FFFF) << 10) | (uint)warp.Thread(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SameGroup(ulong a, ulong b) => (a ^ b) >> 32 == 0;

    /// <summary>Other groups race always, threads of a group if no barrier lies between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Races(ulong a, ulong b) => !SameGroup(a, b) || (((a ^ b) >> 10) == 0 && a != b);

    private static LaneFault Race(int lane, ulong address, string does, ulong other, string did) =>
        new(lane, $"a race: {does} 0x{address:x} of global memory, which "
            + (other == Shadow.SeveralGroups ? "several groups have read" : $"thread {other & 0x3FF} of group {(other >> 32) - 1} {did}"));

    private static ref byte At(ulong address) => ref Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), (nuint)address);

    private struct Shadow
    {
        public const ulong SeveralGroups = ulong.MaxValue;

        public ulong Written, Read;
    }

    private sealed class Region(MemoryView view)
    {
        private Shadow[] _shadow = [];

        public MemoryView View { get; } = view;

        public void AllocateShadow() => _shadow = new Shadow[(View.Bytes / sizeof(uint)) + 1];

        public ref Shadow ShadowOf(ulong address) =>
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_shadow), (nuint)((address - View.Address) / sizeof(uint)));
    }
}
