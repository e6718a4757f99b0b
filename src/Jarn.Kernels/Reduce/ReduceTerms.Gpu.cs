using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct SingleSum(float Value) : ISums<SingleSum>
{
    public SingleSum Plus(SingleSum other) => new(Value + other.Value);
}

/// <summary>Of four neighbouring columns.</summary>
internal readonly record struct FourSums(Float4 Values) : ISums<FourSums>
{
    public FourSums Plus(FourSums other) => new(Values + other.Values);
}

/// <summary>The elements of [Outer, Axis], by fours along the axis.</summary>
internal readonly record struct RowTerms(ArrayView<float> X, RowsOfFour Rows, int Row = 0) : ITerms<RowTerms, SingleSum>
{
    public RowTerms Of<TAccess>(int outer, int inner) where TAccess : struct, IAccess => this with { Row = outer };

    public SingleSum At<TAccess>(int along) where TAccess : struct, IAccess => new(Rows.Load<TAccess>(X, Row, along).Total);
}

/// <summary>The elements of [Outer, Axis, Inner], by fours of the innermost.</summary>
internal readonly record struct ColumnTerms(ArrayView<float> X, RowsOfFour Rows, int Axis, int Row = 0, int Four = 0) : ITerms<ColumnTerms, FourSums>
{
    public ColumnTerms Of<TAccess>(int outer, int inner) where TAccess : struct, IAccess => this with { Row = outer * Axis, Four = inner };

    public FourSums At<TAccess>(int along) where TAccess : struct, IAccess => new(Rows.Load<TAccess>(X, Row + along, Four));
}

/// <summary>The first stage's sums [Outer, Chunks, Inner], as the second stage's terms.</summary>
internal readonly record struct StoredSums<TSums>(ArrayView<TSums> Sums, int Chunks, int Inner, int First = 0) : ITerms<StoredSums<TSums>, TSums>
    where TSums : unmanaged, ISums<TSums>
{
    public StoredSums<TSums> Of<TAccess>(int outer, int inner) where TAccess : struct, IAccess =>
        this with { First = (outer * Chunks * Inner) + inner };

    public TSums At<TAccess>(int along) where TAccess : struct, IAccess => Sums[First + (along * Inner)];
}
