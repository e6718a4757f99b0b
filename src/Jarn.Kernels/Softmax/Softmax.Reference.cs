namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    public void LogSumExp(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y)
    {
        Require.Length(x, geometry.Length);
        Require.Length(y, geometry.Rows);
        Span<double> xs = Span(x), ys = Span(y);
        for (int row = 0; row < geometry.Rows; row++)
        {
            ys[row] = LogSumExp(xs.Slice(row * geometry.Columns, geometry.Columns));
        }
    }

    public void Softmax(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y)
    {
        Require.Length(x, geometry.Length);
        Require.Length(y, geometry.Length);
        Span<double> xs = Span(x), ys = Span(y);
        for (int row = 0; row < geometry.Rows; row++)
        {
            Span<double> logits = xs.Slice(row * geometry.Columns, geometry.Columns);
            double normalizer = LogSumExp(logits);
            for (int i = 0; i < logits.Length; i++)
            {
                ys[(row * geometry.Columns) + i] = Math.Exp(logits[i] - normalizer);
            }
        }
    }

    private static double LogSumExp(Span<double> values)
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
        return maximum + Math.Log(sum);
    }
}
