using ILGPU;

namespace Jarn.Kernels;

/// <summary>A matrix in memory whose rows run along the summed index: [outer, Terms].</summary>
internal readonly record struct SummedRows(ArrayView<float> Elements, int Terms)
    : ILeftOperand<SummedRows, SummedRows>, ILeftOperand<SummedRows, OuterRows>, IRightOperand
{
    public static bool SummedIsContiguous => true;

    public int Run => Terms;

    public SummedRows Part(int part) => this;

    public SummedRows Facing(SummedRows right) => right;

    public OuterRows Facing(OuterRows right) => right;

    public Coordinates Outer(int index) => new(index * Terms, 0, 0);

    public Coordinates Summed(int index) => new(index, 0, 0);

    public int Index(Coordinates outer, Coordinates summed) => outer.Offset + summed.Offset;

    public int ResultRow(int row) => row;
}

/// <summary>A matrix in memory whose rows run along the outer index: [Terms, Pitch].</summary>
internal readonly record struct OuterRows(ArrayView<float> Elements, int Terms, int Pitch)
    : ILeftOperand<OuterRows, SummedRows>, ILeftOperand<OuterRows, OuterRows>, IRightOperand
{
    public static bool SummedIsContiguous => false;

    public int Run => Pitch;

    public OuterRows Part(int part) => this;

    public SummedRows Facing(SummedRows right) => right;

    public OuterRows Facing(OuterRows right) => right;

    public Coordinates Outer(int index) => new(index, 0, 0);

    public Coordinates Summed(int index) => new(index * Pitch, 0, 0);

    public int Index(Coordinates outer, Coordinates summed) => outer.Offset + summed.Offset;

    public int ResultRow(int row) => row;
}
