namespace Jarn.Kernels;

/// <summary>The kernels of <see cref="ProductKernels"/>.</summary>
internal enum ProductKernel
{
    Square,
    Wide,
    Tall,
    Narrow,
    Odd,
}

/// <param name="Parts">Products of the launch.</param>
/// <param name="Rows">Rows of one product; <paramref name="Columns"/> are its columns.</param>
/// <param name="Terms">Terms of the sum; of the longest one, if the parts' differ.</param>
/// <param name="Quads">Whether both factors can be loaded 16 bytes at a time.</param>
internal readonly record struct ProductShape(int Parts, int Rows, int Columns, int Terms, bool Quads);

/// <summary>
/// Which kernel computes a product, and in how many splits of its sum. The shape alone decides, never the machine: the splits order the sum.
/// What is estimated is the time on a GPU like NVIDIA's H100.
/// </summary>
/// <param name="TermsPerSplit">Terms that a split sums; a multiple of a tile's depth.</param>
internal readonly record struct ProductPlan(ProductKernel Kernel, int Splits, int TermsPerSplit)
{
    /// <summary>The multiprocessors of an H100 SXM; an A100 has 108.</summary>
    private const int Multiprocessors = 132;

    /// <summary>Threads with 64 sums each that keep a multiprocessor half busy: with fewer it waits for its memory.</summary>
    private const int BusyThreads = 256;

    /// <summary>The cost of a group's first loads and last stores, in terms.</summary>
    private const int StartTerms = 16;

    /// <summary>Multiply-adds that a multiprocessor could do while its share of the memory's bandwidth moves a float.</summary>
    private const int FloatCost = 34;

    /// <summary>The cost of launching the second stage, about 5 µs, in multiply-adds of a multiprocessor.</summary>
    private const double LaunchCost = 1e6;

    /// <summary>A split shorter than this spends more on its stores than on its sum.</summary>
    private const int FewestTerms = 128;

    private const int MostSplits = 1024;

    public static ProductPlan For(ProductShape shape)
    {
        ProductPlan best = default;
        double least = double.PositiveInfinity;
        // A class of pixels may have no taps; its result is zero all the same.
        int all = Math.Max(1, shape.Terms);
        foreach (ProductKernel kernel in Enum.GetValues<ProductKernel>())
        {
            if (shape.Quads == (kernel == ProductKernel.Odd))
            {
                continue;
            }
            for (int splits = 1; splits <= Math.Clamp(all / FewestTerms, 1, MostSplits); splits += Math.Max(1, splits / 8))
            {
                int terms = GpuDevice.DivideUp(GpuDevice.DivideUp(all, splits), ProductTile.Depth) * ProductTile.Depth;
                ProductPlan plan = new(kernel, GpuDevice.DivideUp(all, terms), terms);
                double cost = plan.Cost(shape);
                if (cost < least)
                {
                    (best, least) = (plan, cost);
                }
            }
        }
        return best;
    }

    public static (int Rows, int Columns, int Threads) Extents(ProductKernel kernel) => kernel switch
    {
        ProductKernel.Square => Extents<SquareTile>(),
        ProductKernel.Wide => Extents<WideTile>(),
        ProductKernel.Tall => Extents<TallTile>(),
        _ => Extents<NarrowTile>(),
    };

    /// <summary>In multiply-adds of a multiprocessor: rounds of groups, and the results' way through memory.</summary>
    private double Cost(ProductShape shape)
    {
        (int rows, int columns, int threads) = Extents(Kernel);
        long groups = (long)shape.Parts * GpuDevice.DivideUp(shape.Rows, rows) * GpuDevice.DivideUp(shape.Columns, columns) * Splits;
        double rounds = Math.Max((groups + Multiprocessors - 1) / Multiprocessors, (double)BusyThreads / threads);
        double products = rounds * rows * columns * (TermsPerSplit + StartTerms) / Share(Kernel);
        double results = (double)shape.Parts * shape.Rows * shape.Columns * FloatCost / Multiprocessors;
        return products + (Splits == 1 ? results : (results * ((2 * Splits) + 1)) + LaunchCost);
    }

    /// <summary>The share of multiply-adds in the loop's machine code.</summary>
    private static double Share(ProductKernel kernel) => kernel switch
    {
        ProductKernel.Square => 0.85,
        ProductKernel.Narrow => 0.7,
        ProductKernel.Odd => 0.5,
        _ => 0.8,
    };

    private static (int Rows, int Columns, int Threads) Extents<TTile>() where TTile : struct, ITile =>
        (TTile.RowsPerThread * TTile.RowThreads, ProductTile.Columns * TTile.ColumnThreads, TTile.RowThreads * TTile.ColumnThreads);
}
