namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    /// <summary>Groups that a product is split into where its result has few tiles, and the fewest terms of a split. Both fixed: they order the sum.</summary>
    private const int ProductGroups = 512, FewestTerms = 256;

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
        where TRight : struct, IRightOperand<TRight>
    {
        if (UsesTensorCores(left.Run, right.Run, rows, columns))
        {
            TensorProduct(left, right, parts, rows, columns, terms, result);
            return;
        }
        int tiles = parts * DivideUp(rows, ProductKernels.Tile) * DivideUp(columns, ProductKernels.Tile);
        int splits = Math.Clamp(terms / FewestTerms, 1, Math.Max(1, ProductGroups / tiles));
        int termsPerSplit = Math.Max(1, DivideUp(terms, splits));
        splits = Math.Max(1, DivideUp(terms, termsPerSplit));
        using DeviceBuffer? workspace = splits > 1 ? Allocate(splits * result.Length) : null;
        _launcher.Launch(ProductKernels.Product, tiles * splits, GroupSize, new ProductArguments<TLeft, TRight>(
            left, right, parts, rows, columns, termsPerSplit, result.Length, View(workspace ?? result)));
        if (workspace is not null)
        {
            Sum(workspace, new AxisGeometry(1, splits, result.Length), result);
        }
    }
}
