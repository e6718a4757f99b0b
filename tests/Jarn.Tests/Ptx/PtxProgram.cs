using System.Collections.Concurrent;

namespace Jarn.Tests.Ptx;

/// <summary>A kernel, ready to run.</summary>
internal sealed class PtxProgram
{
    public required string Name { get; init; }

    /// <summary>Of all parameters together.</summary>
    public required int ParameterBytes { get; init; }

    public required RegisterFile Registers { get; init; }

    public required byte[] InitialRegisters { get; init; }

    /// <summary>In the order in which lanes run them; the first one is the entry.</summary>
    public required Block[] Blocks { get; init; }

    /// <summary>Where each variable starts, and its length.</summary>
    public required IReadOnlyList<(int Start, int Bytes)> SharedVariables { get; init; }

    /// <summary>With the gaps between the variables.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Bytes of the smallest element that the kernel reads or writes in shared memory.</summary>
    public required int SmallestSharedAccess { get; init; }

    /// <summary>Local memory of a thread.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>Memory and registers for groups, kept from launch to launch.</summary>
    private readonly ConcurrentStack<GroupExecution> _idle = new();

    /// <exception cref="PtxException">There is something in it that the interpreter doesn't know.</exception>
    public static PtxProgram Decode(string text)
    {
        EntrySyntax entry = Parser.Parse(text);
        try
        {
            return new Decoder(entry).Decode();
        }
        catch (PtxException failure)
        {
            throw new PtxException($"{entry.Name}: {failure.Message}", failure);
        }
    }

    /// <summary>Runs a grid, groups side by side on this machine's processors.</summary>
    /// <exception cref="PtxException">The first fault that any group came upon.</exception>
    public void Run(PtxLaunch launch)
    {
        if (launch.Parameters.Length != ParameterBytes)
        {
            throw new PtxException($"{Name}: the arguments have {launch.Parameters.Length} bytes, the kernel's parameters {ParameterBytes}");
        }
        try
        {
            Parallel.For(0, launch.Groups, () => Idle(launch.Threads), (index, _, group) =>
            {
                group.Run(launch, index);
                return group;
            }, group => _idle.Push(group));
        }
        catch (AggregateException failure) when (failure.InnerExceptions.OfType<PtxException>().FirstOrDefault() is PtxException fault)
        {
            throw new PtxException(fault.Message, fault);
        }
    }

    private GroupExecution Idle(int threads) =>
        _idle.TryPop(out GroupExecution? group) && group.Threads == threads ? group : new GroupExecution(this, threads);
}
