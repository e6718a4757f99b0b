using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Jarn.Tests.Ptx;

/// <summary>
/// 32 lanes that run together. Lanes of different ways through the program wait in different blocks; the first block in the program's order
/// runs first, which is where lanes meet again (see <see cref="BlockOrder"/>).
/// </summary>
internal sealed class Warp
{
    public const int Size = 32;

    /// <summary>Far beyond any kernel of the tests: an endless loop.</summary>
    private const int MostBlocksBetweenBarriers = 1 << 28;

    private readonly PtxProgram _program;
    private readonly byte[] _registers;

    // The blocks in which lanes wait to run, the one that runs next last.
    private readonly int[] _blocks = new int[Size + 1];
    private readonly uint[] _lanes = new uint[Size + 1];
    private int _waiting;

    public Warp(PtxProgram program, GroupExecution group, int number)
    {
        (_program, Group, Number) = (program, group, number);
        _registers = new byte[program.InitialRegisters.Length];
        Predicates = new uint[program.Registers.Predicates];
        Local = new byte[Size * program.LocalBytes];
        Copies = new AsyncCopies(this);
    }

    public GroupExecution Group { get; }

    public int Number { get; }

    public uint[] Predicates { get; }

    /// <summary>The .local variables, a lane's after another's.</summary>
    public byte[] Local { get; }

    public AsyncCopies Copies { get; }

    /// <summary>The lanes that have a thread and haven't returned.</summary>
    public uint Live { get; private set; }

    /// <summary>The lanes that have returned.</summary>
    public uint Returned { get; private set; }

    /// <summary>The lanes that are at the barrier, and where they go on: null where the warp is done.</summary>
    public (Block Barrier, uint Lanes)? AtBarrier { get; private set; }

    /// <summary>How many bar.warp.sync it has passed; like barriers they order the accesses to memory, but of the warp's own lanes only.</summary>
    public int Synchronisations { get; set; }

    public int Thread(int lane) => (Number * Size) + lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Lane0<T>(Register register) =>
        ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(_registers), (nuint)register.Offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Lane<T>(Register register, int lane) => ref Unsafe.Add(ref Lane0<T>(register), lane);

    /// <summary>An address of 32 or 64 bits.</summary>
    public ulong Address(Register register, int lane) => register.Bytes == sizeof(uint) ? Lane<uint>(register, lane) : Lane<ulong>(register, lane);

    public void Set(Register predicate, uint lanes, uint values) =>
        Predicates[predicate.Offset] = (Predicates[predicate.Offset] & ~lanes) | (values & lanes);

    /// <param name="threads">How many of the lanes have a thread.</param>
    public void Begin(int threads)
    {
        _program.InitialRegisters.CopyTo(_registers, 0);
        _program.Registers.FillSpecial(this);
        Live = threads >= Size ? uint.MaxValue : (1u << threads) - 1;
        (Returned, AtBarrier, Synchronisations) = (0, null, 0);
        Array.Clear(Predicates);
        _waiting = 0;
        Wait(0, Live);
    }

    /// <summary>To where its lanes go on behind a barrier that the whole group has reached.</summary>
    public void PassBarrier()
    {
        (Block barrier, uint lanes) = AtBarrier!.Value;
        AtBarrier = null;
        Wait(barrier.Next, lanes);
    }

    /// <summary>Until each lane has returned or is at a barrier.</summary>
    public void Run()
    {
        for (int count = 0; _waiting > 0; count++)
        {
            _waiting--;
            Block block = _program.Blocks[_blocks[_waiting]];
            Run(block, _lanes[_waiting]);
            if (count == MostBlocksBetweenBarriers)
            {
                throw Fault(block.End, BitOperations.TrailingZeroCount(Live), "the kernel doesn't come to an end");
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(Block block, uint lanes)
    {
        Instruction current = block.End;
        try
        {
            foreach (Instruction instruction in block.Instructions)
            {
                current = instruction;
                uint active = instruction.Guarded(this, lanes);
                if (active != 0)
                {
                    instruction.Execute(this, active);
                }
            }
            current = block.End;
            block.End.Leave(this, block, lanes);
        }
        catch (LaneFault fault)
        {
            throw Fault(current, fault.Lane, fault.Message);
        }
    }

    /// <summary>Lanes are to run a block; those that wait there already join them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Wait(int block, uint lanes)
    {
        if (lanes == 0)
        {
            return;
        }
        int at = _waiting;
        while (at > 0 && _blocks[at - 1] < block)
        {
            at--;
        }
        if (at > 0 && _blocks[at - 1] == block)
        {
            _lanes[at - 1] |= lanes;
            return;
        }
        Array.Copy(_blocks, at, _blocks, at + 1, _waiting - at);
        Array.Copy(_lanes, at, _lanes, at + 1, _waiting - at);
        (_blocks[at], _lanes[at]) = (block, lanes);
        _waiting++;
    }

    public void Return(uint lanes)
    {
        Live &= ~lanes;
        Returned |= lanes;
    }

    /// <summary>bar.sync is .aligned: all lanes of a warp execute it together.</summary>
    /// <exception cref="LaneFault">Others of the warp are at a barrier already, or have returned.</exception>
    public void StopAtBarrier(Block barrier, uint lanes)
    {
        if (AtBarrier is (Block other, uint before))
        {
            int there = BitOperations.TrailingZeroCount(before);
            throw new LaneFault(BitOperations.TrailingZeroCount(lanes),
                $"a divergent barrier: thread {Thread(there)} of the same warp came to '{other.End.Text}' without it");
        }
        AtBarrier = (barrier, lanes);
    }

    private PtxException Fault(Instruction instruction, int lane, string message) =>
        new($"{_program.Name}: '{instruction.Text}' in group {Group.Index}, thread {Thread(lane)}: {message}");

    /// <summary>A fault of what the warp has come to, for the group to throw.</summary>
    public PtxException BarrierFault(string message)
    {
        (Block barrier, uint lanes) = AtBarrier!.Value;
        return Fault(barrier.End, BitOperations.TrailingZeroCount(lanes), message);
    }
}
