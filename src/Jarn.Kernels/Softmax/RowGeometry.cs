namespace Jarn.Kernels;

/// <summary>A matrix [Rows, Columns] whose rows are independent: the logits of a batch.</summary>
public readonly record struct RowGeometry(int Rows, int Columns)
{
    /// <summary>Elements of the matrix.</summary>
    public int Length => Require.Product(Rows, Columns);

    internal void Check(params ReadOnlySpan<DeviceBuffer> full)
    {
        foreach (DeviceBuffer buffer in full)
        {
            Require.Length(buffer, Length, "a matrix of rows");
        }
    }

    internal void Check(ReadOnlySpan<DeviceBuffer> full, DeviceBuffer perRow)
    {
        Check(full);
        Require.Length(perRow, Rows);
    }
}
