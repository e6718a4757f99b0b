using System.Numerics;
using System.Runtime.CompilerServices;

namespace Jarn.Tests.Ptx;

/// <summary>What .sync demands: the lanes that a mask names execute the instruction together.</summary>
internal static class Together
{
    /// <exception cref="LaneFault">The mask leaves out a lane that executes it, or names one that doesn't.</exception>
    public static void Require(Warp warp, uint lanes, Register members)
    {
        foreach (int lane in new LanesOf(lanes))
        {
            uint named = warp.Lane<uint>(members, lane);
            // Threads that have returned, or that never were, can't be waited for.
            if ((named >> lane & 1) == 0 || (named & warp.Live) != lanes)
            {
                throw new LaneFault(lane, $"the lanes 0x{named:x8} are to execute it together, but 0x{lanes:x8} do");
            }
        }
    }

    /// <exception cref="LaneFault">.aligned: all 32 lanes must execute it.</exception>
    public static void RequireAll(uint lanes)
    {
        if (lanes != uint.MaxValue)
        {
            throw new LaneFault(BitOperations.TrailingZeroCount(lanes), $"all 32 lanes must execute it together, but 0x{lanes:x8} do");
        }
    }
}

/// <summary>
/// shfl.sync (PTX ISA, "Data Movement and Conversion Instructions: shfl.sync"): c holds in its lower bits how far lanes reach, and above them a
/// mask that parts the warp into segments.
/// </summary>
internal sealed class Shuffle(string mode, Register d, Register? p, Register a, Register b, Register c, Register members) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        Together.Require(warp, lanes, members);
        Span<uint> values = stackalloc uint[Warp.Size];
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref warp.Lane0<uint>(a), Warp.Size).CopyTo(values);
        uint inRange = 0;
        foreach (int lane in new LanesOf(lanes))
        {
            int by = (int)(warp.Lane<uint>(b, lane) & 31);
            uint control = warp.Lane<uint>(c, lane);
            int clamp = (int)(control & 31), segments = (int)(control >> 8 & 31);
            int last = (lane & segments) | (clamp & ~segments), first = lane & segments;
            (int from, bool valid) = mode switch
            {
                "up" => (lane - by, lane - by >= last),
                "down" => (lane + by, lane + by <= last),
                "bfly" => (lane ^ by, (lane ^ by) <= last),
                _ => (first | (by & ~segments), (first | (by & ~segments)) <= last),
            };
            from = valid ? from : lane;
            if ((lanes >> from & 1) == 0)
            {
                throw new LaneFault(lane, $"shuffles from lane {from}, which doesn't execute it");
            }
            warp.Lane<uint>(d, lane) = values[from];
            inRange |= (valid ? 1u : 0) << lane;
        }
        if (p is Register predicate)
        {
            warp.Set(predicate, lanes, inRange);
        }
    }
}

/// <summary>vote.sync: all, any, uni (a predicate) or ballot (a mask).</summary>
internal sealed class Vote(string mode, Register d, PredicateSource a, Register members) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        Together.Require(warp, lanes, members);
        uint values = a.Of(warp) & lanes;
        if (mode == "ballot")
        {
            foreach (int lane in new LanesOf(lanes))
            {
                warp.Lane<uint>(d, lane) = values;
            }
            return;
        }
        bool holds = mode switch
        {
            "all" => values == lanes,
            "any" => values != 0,
            _ => values == lanes || values == 0,
        };
        warp.Set(d, lanes, holds ? lanes : 0);
    }
}

/// <summary>activemask</summary>
internal sealed class ActiveMask(Register d) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        foreach (int lane in new LanesOf(lanes))
        {
            warp.Lane<uint>(d, lane) = lanes;
        }
    }
}

/// <summary>bar.warp.sync</summary>
internal sealed class SynchroniseWarp(Register members) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        Together.Require(warp, lanes, members);
        if (lanes != warp.Live)
        {
            throw new LaneFault(BitOperations.TrailingZeroCount(lanes), "the interpreter synchronises whole warps only");
        }
        warp.Synchronisations++;
    }
}

/// <summary>membar and fence: groups run as if each access were ordered, and races are reported, so nothing is left to do.</summary>
internal sealed class Fence : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
    }
}

/// <summary>mov.b64 d, {a, b} and its like: the parts of a register, the lowest first.</summary>
internal sealed class Pack<TPart, TWhole>(Register d, Register[] parts) : Instruction
    where TPart : struct, IBinaryInteger<TPart>
    where TWhole : struct, IBinaryInteger<TWhole>
{
    public override void Execute(Warp warp, uint lanes)
    {
        foreach (int lane in new LanesOf(lanes))
        {
            TWhole whole = TWhole.Zero;
            for (int i = 0; i < parts.Length; i++)
            {
                whole |= TWhole.CreateTruncating(warp.Lane<TPart>(parts[i], lane)) << (8 * Unsafe.SizeOf<TPart>() * i);
            }
            warp.Lane<TWhole>(d, lane) = whole;
        }
    }
}

/// <summary>mov.b64 {a, b}, d</summary>
internal sealed class Unpack<TPart, TWhole>(Register[] parts, Register a) : Instruction
    where TPart : struct, IBinaryInteger<TPart>
    where TWhole : struct, IBinaryInteger<TWhole>
{
    public override void Execute(Warp warp, uint lanes)
    {
        foreach (int lane in new LanesOf(lanes))
        {
            TWhole whole = warp.Lane<TWhole>(a, lane);
            for (int i = 0; i < parts.Length; i++)
            {
                warp.Lane<TPart>(parts[i], lane) = TPart.CreateTruncating(whole >> (8 * Unsafe.SizeOf<TPart>() * i));
            }
        }
    }
}
