using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    internal void MatMul(in MatMulCall call)
    {
        (DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c) = call;
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
    /// <param name="terms">The terms of the sum; of the longest one, if the parts' differ.</param>
    private void Product<TLeft, TRight>(TLeft left, TRight right, int parts, int rows, int columns, int terms, DeviceBuffer result)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
    {
        if (UsesTensorCores(left.Run, right.Run, rows, columns))
        {
            TensorProduct(left, right, parts, rows, columns, terms, result);
            return;
        }
        ProductPlan plan = ProductPlan.For(new ProductShape(parts, rows, columns, terms, left.Run % 4 == 0 && right.Run % 4 == 0));
        using DeviceBuffer? workspace = plan.Splits > 1 ? Allocate(checked(plan.Splits * result.Length)) : null;
        Launch(plan, left, right, parts, rows, columns, View(workspace ?? result));
        if (workspace is not null)
        {
            Sum(new SumCall(workspace, new AxisGeometry(1, plan.Splits, result.Length), result));
        }
    }

    /// <param name="results">One result per split.</param>
    private void Launch<TLeft, TRight>(ProductPlan plan, TLeft left, TRight right, int parts, int rows, int columns, ArrayView<float> results)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
    {
        (int tileRows, int tileColumns, int threads) = ProductPlan.Extents(plan.Kernel);
        int columnTiles = DivideUp(columns, tileColumns), tiles = DivideUp(rows, tileRows) * columnTiles;
        ProductArguments<TLeft, TRight> arguments = new(
            left, right, new(parts), new(tiles), new(columnTiles), rows, columns, plan.TermsPerSplit, (int)(results.Length / plan.Splits), results);
        Action<ProductArguments<TLeft, TRight>> kernel = plan.Kernel switch
        {
            ProductKernel.Square => ProductKernels.Square,
            ProductKernel.Wide => ProductKernels.Wide,
            ProductKernel.Tall => ProductKernels.Tall,
            ProductKernel.Narrow => ProductKernels.Narrow,
            _ => ProductKernels.Odd,
        };
        _launcher.Launch(kernel, tiles * parts * plan.Splits, threads, arguments);
    }
}
