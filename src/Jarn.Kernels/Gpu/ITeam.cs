using ILGPU;

namespace Jarn.Kernels;

/// <summary>Threads that work on a row together; the teams of a grid share the rows.</summary>
internal interface ITeam
{
    /// <summary>The index of the team among the <see cref="Teams"/> of the grid.</summary>
    static abstract long Index { get; }

    static abstract long Teams { get; }

    /// <summary>The index of the thread among the <see cref="Members"/> of its team.</summary>
    static abstract int Member { get; }

    static abstract int Members { get; }

    /// <summary>The sum over the team's members, known to all; all of them must call it.</summary>
    static abstract TSums Sum<TSums>(TSums sums) where TSums : unmanaged, ISums<TSums>;
}

/// <summary>A thread alone: for rows as short as ten classes, without a barrier.</summary>
internal readonly struct LoneThread : ITeam
{
    public static long Index => GridStride.First;

    public static long Teams => GridStride.Step;

    public static int Member => 0;

    public static int Members => 1;

    public static TSums Sum<TSums>(TSums sums) where TSums : unmanaged, ISums<TSums> => sums;
}

internal readonly struct WholeGroup : ITeam
{
    public static long Index => Grid.IdxX;

    public static long Teams => Grid.DimX;

    public static int Member => Group.IdxX;

    public static int Members => Group.DimX;

    public static TSums Sum<TSums>(TSums sums) where TSums : unmanaged, ISums<TSums> =>
        GroupReduction.Sum(sums, SharedMemory.Allocate<TSums>(GpuDevice.GroupSize), lanes: 1);
}
