namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void MatMul(in MatMulCall call)
    {
        (DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c) = call;
        (int rows, int columns, int inner, bool transposeA, bool transposeB) = geometry;
        Span<double> left = Span(a), right = Span(b), product = Span(c);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = 0;
                for (int l = 0; l < inner; l++)
                {
                    sum += left[transposeA ? (l * rows) + i : (i * inner) + l] * right[transposeB ? (j * inner) + l : (l * columns) + j];
                }
                product[(i * columns) + j] = sum;
            }
        }
    }
}
