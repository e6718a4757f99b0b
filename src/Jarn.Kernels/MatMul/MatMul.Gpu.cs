using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    /// <summary>Groups that a product is split into where its result has few tiles, and the fewest terms of a split. Both fixed: they order the sum.</summary>
    private const int ProductGroups = 512, FewestTerms = 256;

    public void MatMul(DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c)
    {
        geometry.Check(a, b, c);
        if (geometry.TransposeA)
        {
            MatMul(new OuterRows(View(a), geometry.Rows), b, geometry, c);
        }
        else
        {
            MatMul(new SummedRows(View(a), geometry.Inner), b, geometry, c);
        }
    }

    private void MatMul<TLeft>(TLeft left, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c) where TLeft : struct, ILeftOperand
    {
        (int rows, int columns, int inner, _, bool transposeB) = geometry;
        if (transposeB)
        {
            Product(left, new SummedRows(View(b), inner), rows, columns, inner, c);
        }
        else
        {
            Product(left, new OuterRows(View(b), columns), rows, columns, inner, c);
        }
    }

    /// <summary>result = left·right; a long sum with a small result is split, and the splits are added in order.</summary>
    private void Product<TLeft, TRight>(TLeft left, TRight right, int rows, int columns, int terms, DeviceBuffer result)
        where TLeft : struct, ILeftOperand
        where TRight : struct, IRightOperand
    {
        int tiles = DivideUp(rows, ProductKernels.Tile) * DivideUp(columns, ProductKernels.Tile);
        int splits = Math.Clamp(terms / FewestTerms, 1, Math.Max(1, ProductGroups / tiles));
        if (splits == 1)
        {
            LaunchProduct(left, right, rows, columns, terms, 1, View(result));
            return;
        }
        splits = DivideUp(terms, DivideUp(terms, splits));
        using DeviceBuffer workspace = Allocate(splits * result.Length);
        LaunchProduct(left, right, rows, columns, terms, splits, View(workspace));
        Sum(workspace, new AxisGeometry(1, splits, result.Length), result);
    }

    /// <summary>One result for each split.</summary>
    private void LaunchProduct<TLeft, TRight>(TLeft left, TRight right, int rows, int columns, int terms, int splits, ArrayView<float> results)
        where TLeft : struct, ILeftOperand
        where TRight : struct, IRightOperand
    {
        int tiles = DivideUp(rows, ProductKernels.Tile) * DivideUp(columns, ProductKernels.Tile);
        _launcher.Launch(ProductKernels.Product, tiles * splits, GroupSize, new ProductArguments<TLeft, TRight>(
            left, right, rows, columns, terms, DivideUp(terms, splits), (int)(results.Length / splits), results));
    }
}
