namespace Jarn.Kernels;

/// <remarks>
/// A matrix product is a convolution of 1×1 pixels by a 1×1 filter, rows being images and columns channels: A·B its forward pass,
/// A·Bᵀ its input gradient, Aᵀ·B its filter gradient. A single row or column has a kernel of its own.
/// </remarks>
public sealed unsafe partial class CpuDevice
{
    internal void MatMul(in MatMulCall call)
    {
        (DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c) = call;
        (int rows, int columns, int inner, bool transposeA, bool transposeB) = geometry;
        float* left = Read(a), right = Read(b), product = Write(c);
        if (columns == 1)
        {
            MatrixTimesVector(left, transposeA, rows, inner, right, product);
        }
        else if (rows == 1)
        {
            MatrixTimesVector(right, !transposeB, columns, inner, left, product);
        }
        else if (transposeA)
        {
            FilterGradient(OneByOne(inner, rows, columns), left, transposeB ? Transposed(right, columns, inner) : right, product);
        }
        else if (transposeB)
        {
            GatherConvolution(OneByOne(rows, columns, inner), left, b, product, backward: true);
        }
        else
        {
            GatherConvolution(OneByOne(rows, inner, columns), left, b, product, backward: false);
        }
    }

    private static ConvolutionGeometry OneByOne(int batch, int inputChannels, int outputChannels) =>
        new(batch, 1, 1, inputChannels, outputChannels, 1, 1, 1, 1, 0, 0, 0, 0);

    private float* Transposed(float* matrix, int rows, int columns)
    {
        float* transposed = _workspace.Reserve<float>(Slot.Transposed, (nint)rows * columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                transposed[((nint)j * rows) + i] = matrix[((nint)i * columns) + j];
            }
        }
        return transposed;
    }

    /// <summary>result [outputs] = M·vector, M stored [outputs, inner] or, transposed, [inner, outputs].</summary>
    private void MatrixTimesVector(float* matrix, bool transposed, int outputs, int inner, float* vector, float* result)
    {
        if (transposed)
        {
            CombineRowsJob job = new() { Matrix = matrix, Vector = vector, Result = result, Outputs = outputs, Inner = inner };
            _workers.Run(job, Blocks(outputs, CombineRowsJob.OutputsPerBlock));
        }
        else
        {
            DotRowsJob job = new()
            {
                Matrix = matrix,
                Vector = vector,
                Result = result,
                Outputs = outputs,
                Inner = inner,
                RowsPerBlock = Math.Max(1, ElementsPerBlock / inner),
            };
            _workers.Run(job, Blocks(outputs, job.RowsPerBlock));
        }
    }
}
