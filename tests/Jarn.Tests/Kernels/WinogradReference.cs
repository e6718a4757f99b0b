using System.Runtime.Intrinsics;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>
/// Winograd's algorithm in double, by the book, on the matrices that the kernels' transforms stand for. On absolute values, those of the
/// matrices too, it is the magnitude that the kernels' rounding errors are relative to.
/// </summary>
internal sealed class WinogradReference
{
    private readonly double[,] _inputMatrix, _filterMatrix, _outputMatrix;

    private WinogradReference(double[,] inputMatrix, double[,] filterMatrix, double[,] outputMatrix)
    {
        (_inputMatrix, _filterMatrix, _outputMatrix) = (inputMatrix, filterMatrix, outputMatrix);
    }

    public static WinogradReference FourByThree { get; } = Of<FourByThree<Simd128, Vector128<float>>>();

    public static WinogradReference FourByTwo { get; } = Of<FourByTwo<Simd128, Vector128<float>>>();

    /// <summary>The algorithm that the device has for a convolution.</summary>
    public static WinogradReference Of(ConvolutionGeometry g) => g.StrideHeight == 1 ? FourByThree : FourByTwo;

    /// <summary>m + r − 1</summary>
    public int Size => _inputMatrix.GetLength(0);

    /// <summary>m, the outputs of a tile.</summary>
    public int Outputs => _outputMatrix.GetLength(0);

    /// <summary>r, the taps of the filter.</summary>
    public int Taps => _filterMatrix.GetLength(1);

    public WinogradReference OnAbsoluteValues() => new(Absolute(_inputMatrix), Absolute(_filterMatrix), Absolute(_outputMatrix));

    /// <summary>Σₖ Aᵀᵢₖ·Gₖⱼ·Bᵀₖₗ: what output i takes of tap j times input l.</summary>
    public double Coefficient(int output, int tap, int input) =>
        Enumerable.Range(0, Size).Sum(k => _outputMatrix[output, k] * _filterMatrix[k, tap] * _inputMatrix[k, input]);

    /// <summary>The convolution of source and filter or, backward, the input gradient with the source as the output's cotangent.</summary>
    public double[] Convolve(ConvolutionGeometry g, bool backward, float[] source, float[] filter)
    {
        WinogradPlan plan = WinogradPlan.For(g, backward, Outputs, Taps);
        double[] result = new double[backward ? g.InputLength : g.OutputLength];
        for (int resultPhase = 0; resultPhase < plan.ResultPhases; resultPhase++)
        {
            double[,][,] filters = TransformedFilters(g, plan, resultPhase, filter);
            for (int tile = 0; tile < plan.Tiles; tile++)
            {
                AddTile(plan, tile, resultPhase, source, filters, result);
            }
        }
        return result;
    }

    /// <summary>Gᵀ·(Σ (Bᵀ·d·B) ⊙ (A·ȳ·Aᵀ))·G over the tiles, for each phase and channel of the input and each channel of the output.</summary>
    public double[] FilterGradient(ConvolutionGeometry g, float[] input, float[] outputCotangent)
    {
        WinogradPlan plan = WinogradPlan.For(g, backward: false, Outputs, Taps);
        double[] gradient = new double[g.FilterLength];
        double[,] toTaps = Transposed(_filterMatrix), ofOutputs = Transposed(_outputMatrix);
        double[][,] cotangents = new double[plan.Tiles * plan.ResultChannels][,];
        for (int k = 0; k < cotangents.Length; k++)
        {
            (int tile, int channel) = Math.DivRem(k, plan.ResultChannels);
            cotangents[k] = OnBothSides(
                ofOutputs, Pixels(plan, plan.ResultRows, plan.ResultColumns, plan.ResultChannels, tile, Outputs, 0, channel, outputCotangent));
        }
        for (int depth = 0; depth < plan.SourcePhases * plan.SourceChannels; depth++)
        {
            (int phase, int channel) = Math.DivRem(depth, plan.SourceChannels);
            double[][,] tiles = [.. from tile in Enumerable.Range(0, plan.Tiles)
                select OnBothSides(
                    _inputMatrix, Pixels(plan, plan.SourceRows, plan.SourceColumns, plan.SourceChannels, tile, Size, phase, channel, input))];
            for (int k = 0; k < plan.ResultChannels; k++)
            {
                double[,] sums = new double[Size, Size];
                for (int frequency = 0; frequency < sums.Length; frequency++)
                {
                    (int i, int j) = Math.DivRem(frequency, Size);
                    for (int tile = 0; tile < tiles.Length; tile++)
                    {
                        sums[i, j] += tiles[tile][i, j] * cotangents[(tile * plan.ResultChannels) + k][i, j];
                    }
                }
                double[,] taps = OnBothSides(toTaps, sums);
                for (int tap = 0; tap < taps.Length; tap++)
                {
                    (int i, int j) = Math.DivRem(tap, Taps);
                    int position = (((plan.Phases * i) + (phase / plan.Phases)) * g.KernelWidth) + (plan.Phases * j) + (phase % plan.Phases);
                    gradient[(((position * g.InputChannels) + channel) * g.OutputChannels) + k] = taps[i, j];
                }
            }
        }
        return gradient;
    }

    private static WinogradReference Of<TFiltering>() where TFiltering : struct, IMinimalFiltering<Vector128<float>>
    {
        int size = TFiltering.Outputs + TFiltering.Taps - 1;
        return new WinogradReference(
            Matrix(size, size, TFiltering.TransformInput), Matrix(size, TFiltering.Taps, TFiltering.TransformFilter),
            Matrix(TFiltering.Outputs, size, TFiltering.TransformOutput));
    }

    /// <summary>The matrix of a linear map, from its values on the unit vectors.</summary>
    private static double[,] Matrix(int rows, int columns, Action<Line, Line> map)
    {
        double[,] matrix = new double[rows, columns];
        for (int column = 0; column < columns; column++)
        {
            Line unit = new(new Vector128<float>[columns]), image = new(new Vector128<float>[rows]);
            unit[column] = Vector128<float>.One;
            map(unit, image);
            for (int row = 0; row < rows; row++)
            {
                matrix[row, column] = image[row][0];
            }
        }
        return matrix;
    }

    private static double[,] Absolute(double[,] matrix)
    {
        double[,] absolute = (double[,])matrix.Clone();
        for (int i = 0; i < matrix.Length; i++)
        {
            absolute[i / matrix.GetLength(1), i % matrix.GetLength(1)] = Math.Abs(matrix[i / matrix.GetLength(1), i % matrix.GetLength(1)]);
        }
        return absolute;
    }

    private static double[,] Transposed(double[,] matrix)
    {
        double[,] transposed = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (int i = 0; i < matrix.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, matrix.GetLength(1));
            transposed[column, row] = matrix[row, column];
        }
        return transposed;
    }

    /// <summary>M·X·Mᵀ</summary>
    private static double[,] OnBothSides(double[,] matrix, double[,] x)
    {
        int rows = matrix.GetLength(0), inner = matrix.GetLength(1);
        double[,] half = new double[rows, inner], whole = new double[rows, rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < inner; j++)
            {
                for (int k = 0; k < inner; k++)
                {
                    half[i, j] += matrix[i, k] * x[k, j];
                }
            }
            for (int j = 0; j < rows; j++)
            {
                for (int k = 0; k < inner; k++)
                {
                    whole[i, j] += half[i, k] * matrix[j, k];
                }
            }
        }
        return whole;
    }

    /// <summary>G·g·Gᵀ for each phase and channel of the source and each channel of the result.</summary>
    private double[,][,] TransformedFilters(ConvolutionGeometry g, WinogradPlan plan, int resultPhase, float[] filter)
    {
        double[,][,] transformed = new double[plan.SourcePhases * plan.SourceChannels, plan.ResultChannels][,];
        for (int depth = 0; depth < transformed.GetLength(0); depth++)
        {
            (int sourcePhase, int channel) = Math.DivRem(depth, plan.SourceChannels);
            (int phaseRow, int phaseColumn) = Math.DivRem(plan.Backward ? resultPhase : sourcePhase, plan.Phases);
            for (int column = 0; column < plan.ResultChannels; column++)
            {
                double[,] taps = new double[Taps, Taps];
                for (int tap = 0; tap < taps.Length; tap++)
                {
                    (int i, int j) = Math.DivRem(tap, Taps);
                    (int row, int at) = plan.Backward ? (Taps - 1 - i, Taps - 1 - j) : (i, j);
                    int position = (((plan.Phases * row) + phaseRow) * g.KernelWidth) + (plan.Phases * at) + phaseColumn;
                    (int input, int output) = plan.Backward ? (column, channel) : (channel, column);
                    taps[i, j] = filter[(((position * g.InputChannels) + input) * g.OutputChannels) + output];
                }
                transformed[depth, column] = OnBothSides(_filterMatrix, taps);
            }
        }
        return transformed;
    }

    /// <summary>A tile of edge² pixels of a phase and channel of a tensor, zeros beyond its borders.</summary>
    private double[,] Pixels(
        WinogradPlan plan, PhasedAxis rows, PhasedAxis columns, int channels, int tile, int edge, int phase, int channel, float[] tensor)
    {
        double[,] pixels = new double[edge, edge];
        (int image, int tileRow, int tileColumn) = plan.Locate(tile);
        for (int i = 0; i < edge; i++)
        {
            for (int j = 0; j < edge; j++)
            {
                bool inRow = rows.Find((tileRow * Outputs) + i, phase / plan.Phases, out int y);
                if (inRow && columns.Find((tileColumn * Outputs) + j, phase % plan.Phases, out int x))
                {
                    pixels[i, j] = tensor[(((((image * rows.Extent) + y) * columns.Extent) + x) * channels) + channel];
                }
            }
        }
        return pixels;
    }

    private void AddTile(WinogradPlan plan, int tile, int resultPhase, float[] source, double[,][,] filters, double[] result)
    {
        (int image, int tileRow, int tileColumn) = plan.Locate(tile);
        int row = tileRow * Outputs, column = tileColumn * Outputs;
        double[][,] tiles = new double[filters.GetLength(0)][,];
        for (int depth = 0; depth < tiles.Length; depth++)
        {
            (int phase, int channel) = Math.DivRem(depth, plan.SourceChannels);
            tiles[depth] = OnBothSides(
                _inputMatrix, Pixels(plan, plan.SourceRows, plan.SourceColumns, plan.SourceChannels, tile, Size, phase, channel, source));
        }
        for (int k = 0; k < plan.ResultChannels; k++)
        {
            double[,] products = new double[Size, Size];
            for (int frequency = 0; frequency < products.Length; frequency++)
            {
                (int i, int j) = Math.DivRem(frequency, Size);
                for (int depth = 0; depth < tiles.Length; depth++)
                {
                    products[i, j] += tiles[depth][i, j] * filters[depth, k][i, j];
                }
            }
            double[,] outputs = OnBothSides(_outputMatrix, products);
            for (int i = 0; i < Outputs; i++)
            {
                for (int j = 0; j < Outputs; j++)
                {
                    bool inRow = plan.ResultRows.Find(row + i, resultPhase / plan.Phases, out int y);
                    if (inRow && plan.ResultColumns.Find(column + j, resultPhase % plan.Phases, out int x))
                    {
                        int pixel = (((image * plan.ResultRows.Extent) + y) * plan.ResultColumns.Extent) + x;
                        result[(pixel * plan.ResultChannels) + k] = outputs[i, j];
                    }
                }
            }
        }
    }

    private readonly record struct Line(Vector128<float>[] Vectors) : IVectorLine<Vector128<float>>
    {
        public Vector128<float> this[int i]
        {
            get => Vectors[i];
            set => Vectors[i] = value;
        }
    }
}
