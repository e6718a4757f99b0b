namespace Jarn.Kernels;

/// <summary>The part of a product that a group computes: each thread 8×8 or 4×8 elements of it, in warps of 8×4 threads.</summary>
internal interface ITile
{
    /// <summary>8, or 4 in tiles so narrow that what a thread loads of the rows would not fit into registers beside as many sums.</summary>
    static abstract int RowsPerThread { get; }

    /// <summary>Threads along the tile's rows, a multiple of 8.</summary>
    static abstract int RowThreads { get; }

    /// <summary>Threads along the tile's columns, a multiple of 4.</summary>
    static abstract int ColumnThreads { get; }

    /// <summary>
    /// Bytes of shared memory from a stage to the next: a power of two that holds a tile of each factor, so that a bit changes the stage.
    /// </summary>
    static abstract int StageBytes { get; }
}

/// <summary>128×128: the most reuse of what is loaded.</summary>
internal readonly struct SquareTile : ITile
{
    public const int Threads = 256, ResidentGroups = 2;

    public static int RowsPerThread => 8;

    public static int RowThreads => 16;

    public static int ColumnThreads => 16;

    public static int StageBytes => 16384;
}

/// <summary>64×160: the widths of Wide-ResNet-32-10 are 160 and twice and four times that.</summary>
internal readonly struct WideTile : ITile
{
    public const int Threads = 160, ResidentGroups = 3;

    public static int RowsPerThread => 8;

    public static int RowThreads => 8;

    public static int ColumnThreads => 20;

    public static int StageBytes => 8192;
}

/// <summary>128×64 elements of the result.</summary>
internal readonly struct TallTile : ITile
{
    public const int Threads = 128, ResidentGroups = 4;

    public static int RowsPerThread => 8;

    public static int RowThreads => 16;

    public static int ColumnThreads => 8;

    public static int StageBytes => 8192;
}

/// <summary>128×32: for images, classes and few channels.</summary>
internal readonly struct NarrowTile : ITile
{
    public const int Threads = 128, ResidentGroups = 4;

    public static int RowsPerThread => 4;

    public static int RowThreads => 32;

    public static int ColumnThreads => 4;

    public static int StageBytes => 8192;
}

/// <summary>How the runs of a product's factors are loaded; see <see cref="IOperand.Run"/>.</summary>
internal interface IRunAccess
{
    static abstract bool FourAtOnce { get; }
}

/// <summary>16 bytes, where runs are whole fours.</summary>
internal readonly struct Quads : IRunAccess
{
    public static bool FourAtOnce => true;
}

internal readonly struct Singles : IRunAccess
{
    public static bool FourAtOnce => false;
}
