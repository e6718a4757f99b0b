using ILGPU;

namespace Jarn.Kernels;

/// <summary>A matrix in memory whose rows run along the summed index: [outer, summed].</summary>
internal readonly record struct SummedRows(ArrayView<float> Elements, int Pitch) : ILeftOperand, IRightOperand
{
    public static bool SummedIsContiguous => true;

    public Coordinates Outer(int index) => new(index * Pitch, 0, 0);

    public Coordinates Summed(int index) => new(index, 0, 0);

    public int Index(Coordinates outer, Coordinates summed) => outer.First + summed.First;

    public int ResultRow(int row) => row;
}

/// <summary>A matrix in memory whose rows run along the outer index: [summed, outer].</summary>
internal readonly record struct OuterRows(ArrayView<float> Elements, int Pitch) : ILeftOperand, IRightOperand
{
    public static bool SummedIsContiguous => false;

    public Coordinates Outer(int index) => new(index, 0, 0);

    public Coordinates Summed(int index) => new(index * Pitch, 0, 0);

    public int Index(Coordinates outer, Coordinates summed) => outer.First + summed.First;

    public int ResultRow(int row) => row;
}
