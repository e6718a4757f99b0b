using ILGPU;
using ILGPU.Runtime;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    /// <summary>Rows and columns that a product must have: fewer, as a last layer's ten classes, would leave most of a tile empty.</summary>
    private const int FewestTensorRows = 16;

    /// <summary>
    /// Groups that a product is split into where its result has few tiles, and the fewest terms of a split. Both fixed: they order the sum.
    /// </summary>
    private const int TensorProductGroups = 512, FewestTensorTerms = 256;

    /// <summary>
    /// The one rule of what is TF32 on a device that multiplies so: products whose operands and result lie in runs of four floats, which a
    /// thread copies at once, and that have rows and columns enough. Then channels and filters come in fours: a first layer's one or three channels
    /// stay float32, where memory is the bound anyway.
    /// </summary>
    private bool UsesTensorCores(int leftRun, int rightRun, int rows, int columns) => Description.MatMulPrecision == MatMulPrecision.TF32
        && leftRun % 4 == 0 && rightRun % 4 == 0 && columns % 4 == 0 && Math.Min(rows, columns) >= FewestTensorRows;

    /// <inheritdoc cref="Product"/>
    private void TensorProduct<TLeft, TRight>(TLeft left, TRight right, int parts, int rows, int columns, int terms, DeviceBuffer result)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
    {
        // No wide tile is to be half empty.
        int columnsOfLast = columns % TensorTile128x128.Columns;
        if (columnsOfLast > 0 && columnsOfLast <= TensorTile128x64.Columns)
        {
            TensorProduct<TLeft, TRight, TensorTile128x64>(left, right, parts, rows, columns, terms, result);
        }
        else
        {
            TensorProduct<TLeft, TRight, TensorTile128x128>(left, right, parts, rows, columns, terms, result);
        }
    }

    private void TensorProduct<TLeft, TRight, TTile>(TLeft left, TRight right, int parts, int rows, int columns, int terms, DeviceBuffer result)
        where TLeft : struct, ILeftOperand<TLeft, TRight>
        where TRight : struct, IRightOperand
        where TTile : struct, ITensorTile
    {
        int columnTiles = DivideUp(columns, TTile.Columns), tiles = DivideUp(rows, TensorProductKernels.Rows) * columnTiles;
        int splits = Math.Clamp(terms / FewestTensorTerms, 1, Math.Max(1, TensorProductGroups / (parts * tiles)));
        int termsPerSplit = DivideUp(terms, splits * TensorProductKernels.Depth) * TensorProductKernels.Depth;
        splits = DivideUp(terms, termsPerSplit);
        using DeviceBuffer? workspace = splits > 1 ? Allocate(splits * result.Length) : null;
        ArrayView<float> results = View(workspace ?? result);
        ProductArguments<TLeft, TRight> product = new(
            left, right, new(parts), new(tiles), new(columnTiles), rows, columns, termsPerSplit, result.Length, results);
        _launcher.Launch(
            TensorProductKernels.Product<TLeft, TRight, TTile>, tiles * parts * splits, TensorProductKernels.GroupSize,
            new TensorProductArguments<TLeft, TRight>(product, AddressOf(left.Elements), AddressOf(right.Elements), AddressOf(results)));
        if (workspace is not null)
        {
            Sum(new SumCall(workspace, new AxisGeometry(1, splits, result.Length), result));
        }
    }

    private static long AddressOf(ArrayView<float> view) => view.LoadEffectiveAddressAsPtr();
}
