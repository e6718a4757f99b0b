namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void Softmax(in SoftmaxCall call)
    {
        (DeviceBuffer x, RowGeometry geometry, DeviceBuffer y) = call;
        Span<double> xs = Span(x), ys = Span(y);
        for (int row = 0; row < geometry.Rows; row++)
        {
            int first = row * geometry.Columns, last = first + geometry.Columns;
            (double maximum, double sum) = Exponentials(xs[first..last]);
            for (int i = first; i < last; i++)
            {
                ys[i] = Math.Exp(xs[i] - maximum) / sum;
            }
        }
    }

    internal void SoftmaxGradient(in SoftmaxGradientCall call)
    {
        (DeviceBuffer y, DeviceBuffer outputCotangent, RowGeometry geometry, DeviceBuffer xCotangent) = call;
        Span<double> ys = Span(y), g = Span(outputCotangent), xBar = Span(xCotangent);
        for (int row = 0; row < geometry.Rows; row++)
        {
            int first = row * geometry.Columns, last = first + geometry.Columns;
            double gy = 0;
            for (int i = first; i < last; i++)
            {
                gy += g[i] * ys[i];
            }
            for (int i = first; i < last; i++)
            {
                xBar[i] = ys[i] * (g[i] - gy);
            }
        }
    }

    /// <summary>max x and Σ exp(x − max x)</summary>
    private static (double Maximum, double Sum) Exponentials(Span<double> values)
    {
        double maximum = double.NegativeInfinity, sum = 0;
        foreach (double value in values)
        {
            maximum = Math.Max(maximum, value);
        }
        foreach (double value in values)
        {
            sum += Math.Exp(value - maximum);
        }
        return (maximum, sum);
    }
}
