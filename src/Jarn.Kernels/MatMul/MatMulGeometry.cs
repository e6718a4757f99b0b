namespace Jarn.Kernels;

/// <summary>
/// C [Rows, Columns] = op(A)·op(B) with the sum over Inner. A is stored [Rows, Inner], or [Inner, Rows] where TransposeA;
/// B [Inner, Columns], or [Columns, Inner] where TransposeB.
/// </summary>
public readonly record struct MatMulGeometry(int Rows, int Columns, int Inner, bool TransposeA = false, bool TransposeB = false)
{
    public override string ToString() => $"{Rows}×{Inner}×{Columns} {(TransposeA ? 'T' : 'N')}{(TransposeB ? 'T' : 'N')}";

    internal void Check(DeviceBuffer a, DeviceBuffer b, DeviceBuffer c)
    {
        Require.Length(a, Require.Product(Rows, Inner));
        Require.Length(b, Require.Product(Inner, Columns));
        Require.Length(c, Require.Product(Rows, Columns));
    }
}
