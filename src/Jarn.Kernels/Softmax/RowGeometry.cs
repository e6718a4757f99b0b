namespace Jarn.Kernels;

/// <summary>A matrix [Rows, Columns] whose rows are independent: the logits of a batch.</summary>
public readonly record struct RowGeometry(int Rows, int Columns)
{
    public int Length => Require.Product(Rows, Columns);
}
