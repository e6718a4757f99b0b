using ILGPU;

namespace Jarn.Kernels;

/// <summary>The loop of every pointwise kernel. In 64 bits: i + Step would overflow an int near the longest buffers.</summary>
internal static class GridStride
{
    public static long First => Grid.GlobalIndex.X;

    public static long Step => (long)Grid.DimX * Group.DimX;
}
