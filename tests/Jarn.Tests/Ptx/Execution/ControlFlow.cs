using System.Numerics;

namespace Jarn.Tests.Ptx;

/// <summary>Instructions that run one after the other, and what ends them. Blocks are numbered in the order of <see cref="BlockOrder"/>.</summary>
internal sealed class Block(Instruction[] instructions, ControlInstruction end)
{
    public Instruction[] Instructions { get; } = instructions;

    public ControlInstruction End { get; } = end;

    /// <summary>Where a lane goes on that doesn't branch; -1 where there is no such way.</summary>
    public int Next { get; set; } = -1;

    /// <summary>Where a branch leads, else -1.</summary>
    public int Target { get; set; } = -1;
}

/// <summary>What ends a block.</summary>
internal abstract class ControlInstruction : Instruction
{
    /// <summary>Whether some lanes may go on behind it.</summary>
    public abstract bool HasNext { get; }

    /// <summary>Sends the lanes of the block on.</summary>
    public abstract void Leave(Warp warp, Block block, uint lanes);

    public sealed override void Execute(Warp warp, uint lanes) => throw new NotSupportedException();
}

/// <summary>The next block has a label, and nothing branches here.</summary>
internal sealed class FallThrough : ControlInstruction
{
    public override bool HasNext => true;

    public override void Leave(Warp warp, Block block, uint lanes) => warp.Wait(block.Next, lanes);
}

/// <summary>bra and bra.uni (PTX ISA, "Control Flow Instructions: bra").</summary>
/// <param name="isUniform">bra.uni promises that all active lanes take the same way.</param>
internal sealed class Branch(bool isUniform) : ControlInstruction
{
    public override bool HasNext => Guard is not null;

    public override void Leave(Warp warp, Block block, uint lanes)
    {
        uint taken = Guarded(warp, lanes);
        if (isUniform && taken != 0 && taken != lanes)
        {
            throw new LaneFault(BitOperations.TrailingZeroCount(taken),
                $"a branch that promises to be uniform isn't taken by thread {warp.Thread(BitOperations.TrailingZeroCount(lanes & ~taken))}");
        }
        warp.Wait(block.Target, taken);
        warp.Wait(block.Next, lanes & ~taken);
    }
}

/// <summary>ret and exit.</summary>
internal sealed class Return : ControlInstruction
{
    public override bool HasNext => Guard is not null;

    public override void Leave(Warp warp, Block block, uint lanes)
    {
        uint returning = Guarded(warp, lanes);
        warp.Return(returning);
        warp.Wait(block.Next, lanes & ~returning);
    }
}

/// <summary>bar.sync of all the group's threads.</summary>
internal sealed class Barrier : ControlInstruction
{
    public override bool HasNext => true;

    public override void Leave(Warp warp, Block block, uint lanes)
    {
        uint stopping = Guarded(warp, lanes);
        if (stopping != lanes)
        {
            throw new LaneFault(BitOperations.TrailingZeroCount(lanes & ~stopping), "a divergent barrier: its guard keeps the thread from it");
        }
        warp.StopAtBarrier(block, lanes);
    }
}
