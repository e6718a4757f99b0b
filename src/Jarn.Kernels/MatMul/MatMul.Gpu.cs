namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void MatMul(DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c)
    {
        geometry.Check(a, b, c);
        (int rows, int columns, int inner, bool transposeA, bool transposeB) = geometry;
        OuterRows aColumns = new(View(a), inner, rows), bRows = new(View(b), inner, columns);
        SummedRows aRows = new(View(a), inner), bColumns = new(View(b), inner);
        switch (transposeA, transposeB)
        {
            case (false, false):
                Product(aRows, bRows, 1, rows, columns, inner, c);
                break;
            case (false, true):
                Product(aRows, bColumns, 1, rows, columns, inner, c);
                break;
            case (true, false):
                Product(aColumns, bRows, 1, rows, columns, inner, c);
                break;
            case (true, true):
                Product(aColumns, bColumns, 1, rows, columns, inner, c);
                break;
        }
    }

    /// <summary>result = left·right; a long sum with a small result is split, and the splits are added in order.</summary>
    /// <param name="terms">Of the longest sum, if the parts' differ.</param>
    private void Product<TLeft, TRight>(TLeft left, TRight right, int parts, int rows, int columns, int terms, DeviceBuffer result)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
    {
        throw new NotImplementedException();
    }
}
