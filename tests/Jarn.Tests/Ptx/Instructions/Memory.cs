using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Jarn.Tests.Ptx;

/// <summary>Where addresses lead (PTX ISA, "State Spaces"): each checks what it hands out.</summary>
internal interface IStateSpace
{
    static abstract ref byte Read(Warp warp, int lane, ulong address, int bytes);

    static abstract ref byte Write(Warp warp, int lane, ulong address, int bytes);
}

internal struct GlobalSpace : IStateSpace
{
    public static ref byte Read(Warp warp, int lane, ulong address, int bytes) => ref warp.Group.Launch.Memory.Read(warp, lane, address, bytes);

    public static ref byte Write(Warp warp, int lane, ulong address, int bytes) => ref warp.Group.Launch.Memory.Write(warp, lane, address, bytes);
}

internal struct SharedSpace : IStateSpace
{
    public static ref byte Read(Warp warp, int lane, ulong address, int bytes) => ref warp.Group.Shared.Read(warp, lane, address, bytes);

    public static ref byte Write(Warp warp, int lane, ulong address, int bytes) => ref warp.Group.Shared.Write(warp, lane, address, bytes);
}

internal struct LocalSpace : IStateSpace
{
    public static ref byte Read(Warp warp, int lane, ulong address, int bytes) => ref At(warp, lane, address, bytes, "reads");

    public static ref byte Write(Warp warp, int lane, ulong address, int bytes) => ref At(warp, lane, address, bytes, "writes");

    private static ref byte At(Warp warp, int lane, ulong address, int bytes, string does)
    {
        ulong size = (ulong)(warp.Local.Length / Warp.Size);
        if (address > size || (ulong)bytes > size - address || (address & (ulong)(bytes - 1)) != 0)
        {
            throw new LaneFault(lane, $"{does} {bytes} bytes at 0x{address:x} of local memory, which is misaligned or outside of its {size} bytes");
        }
        return ref warp.Local[((ulong)lane * size) + address];
    }
}

/// <summary>An address without a space: windows of the generic address space lead to shared and local memory, all else is global.</summary>
internal struct GenericSpace : IStateSpace
{
    public const ulong SharedWindow = 0xFFFE_0000_0000_0000, LocalWindow = 0xFFFF_0000_0000_0000;

    public static ref byte Read(Warp warp, int lane, ulong address, int bytes)
    {
        if (address >= LocalWindow)
        {
            return ref LocalSpace.Read(warp, lane, address - LocalWindow, bytes);
        }
        if (address >= SharedWindow)
        {
            return ref SharedSpace.Read(warp, lane, address - SharedWindow, bytes);
        }
        return ref GlobalSpace.Read(warp, lane, address, bytes);
    }

    public static ref byte Write(Warp warp, int lane, ulong address, int bytes)
    {
        if (address >= LocalWindow)
        {
            return ref LocalSpace.Write(warp, lane, address - LocalWindow, bytes);
        }
        if (address >= SharedWindow)
        {
            return ref SharedSpace.Write(warp, lane, address - SharedWindow, bytes);
        }
        return ref GlobalSpace.Write(warp, lane, address, bytes);
    }
}

/// <summary>[start + offset]</summary>
internal sealed record Address(Register Start, long Offset)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(Warp warp, int lane) => Start.Bytes == sizeof(uint)
        ? (uint)(warp.Lane<uint>(Start, lane) + (uint)Offset) : warp.Lane<ulong>(Start, lane) + (ulong)Offset;
}

/// <summary>ld, of one element or of a vector; the register may be wider than the element.</summary>
internal sealed class Load<TSpace, TElement, TRegister>(Register[] d, Address a) : Instruction
    where TSpace : struct, IStateSpace
    where TElement : struct, IBinaryInteger<TElement>
    where TRegister : struct, IBinaryInteger<TRegister>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        foreach (int lane in new LanesOf(lanes))
        {
            ref TElement source = ref Unsafe.As<byte, TElement>(ref TSpace.Read(warp, lane, a.Of(warp, lane), Unsafe.SizeOf<TElement>() * d.Length));
            for (int i = 0; i < d.Length; i++)
            {
                warp.Lane<TRegister>(d[i], lane) = TRegister.CreateTruncating(Unsafe.Add(ref source, i));
            }
        }
    }
}

/// <summary>st</summary>
internal sealed class Store<TSpace, TElement, TRegister>(Register[] b, Address a) : Instruction
    where TSpace : struct, IStateSpace
    where TElement : struct, IBinaryInteger<TElement>
    where TRegister : struct, IBinaryInteger<TRegister>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        foreach (int lane in new LanesOf(lanes))
        {
            ref TElement destination = ref Unsafe.As<byte, TElement>(
                ref TSpace.Write(warp, lane, a.Of(warp, lane), Unsafe.SizeOf<TElement>() * b.Length));
            for (int i = 0; i < b.Length; i++)
            {
                Unsafe.Add(ref destination, i) = TElement.CreateTruncating(warp.Lane<TRegister>(b[i], lane));
            }
        }
    }
}

/// <summary>ld.param: the same for all lanes.</summary>
internal sealed class LoadParameter<TElement, TRegister>(Register[] d, int offset) : Instruction
    where TElement : struct, IBinaryInteger<TElement>
    where TRegister : struct, IBinaryInteger<TRegister>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        for (int i = 0; i < d.Length; i++)
        {
            TElement value = MemoryMarshal.Read<TElement>(warp.Group.Launch.Parameters.AsSpan(offset + (i * Unsafe.SizeOf<TElement>())));
            foreach (int lane in new LanesOf(lanes))
            {
                warp.Lane<TRegister>(d[i], lane) = TRegister.CreateTruncating(value);
            }
        }
    }
}

/// <summary>cp.async of 4, 8 or 16 bytes from global to shared memory, of which the source has as many as it says and the rest are zeros.</summary>
internal sealed class CopyAsync(Address destination, Address source, int bytes, Register? sourceBytes) : Instruction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, uint lanes)
    {
        foreach (int lane in new LanesOf(lanes))
        {
            int present = sourceBytes is Register count ? (int)Math.Min(warp.Address(count, lane), (ulong)bytes) : bytes;
            byte[] value = new byte[bytes];
            ulong from = source.Of(warp, lane);
            if ((from & (ulong)(bytes - 1)) != 0)
            {
                throw new LaneFault(lane, $"copies {bytes} bytes from 0x{from:x} of global memory, which is misaligned");
            }
            for (int at = 0; at < present; at += sizeof(uint))
            {
                MemoryMarshal.CreateSpan(ref GlobalSpace.Read(warp, lane, from + (ulong)at, sizeof(uint)), sizeof(uint)).CopyTo(value.AsSpan(at));
            }
            warp.Copies.Issue(lane, destination.Of(warp, lane), value);
        }
    }
}

/// <summary>cp.async.commit_group, wait_group and wait_all.</summary>
internal sealed class OrderCopies(Action<AsyncCopies, uint> order) : Instruction
{
    public override void Execute(Warp warp, uint lanes) => order(warp.Copies, lanes);
}
