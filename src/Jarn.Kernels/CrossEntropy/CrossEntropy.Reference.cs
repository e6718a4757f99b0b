namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void CrossEntropy(in CrossEntropyCall call)
    {
        (DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss) = call;
        Span<double> z = Span(logits), y = Span(labels), losses = Span(loss);
        for (int row = 0; row < geometry.Rows; row++)
        {
            int first = row * geometry.Columns, last = first + geometry.Columns;
            (double maximum, double sum) = Exponentials(z[first..last]);
            losses[row] = 0;
            for (int i = first; i < last; i++)
            {
                losses[row] += y[i] * (Math.Log(sum) - (z[i] - maximum));
            }
        }
    }

    internal void CrossEntropyGradient(in CrossEntropyGradientCall call)
    {
        (DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent, RowGeometry geometry, DeviceBuffer logitsCotangent) = call;
        Span<double> z = Span(logits), y = Span(labels), g = Span(lossCotangent), zBar = Span(logitsCotangent);
        for (int row = 0; row < geometry.Rows; row++)
        {
            int first = row * geometry.Columns, last = first + geometry.Columns;
            (double maximum, double sum) = Exponentials(z[first..last]);
            double labelSum = Total(y[first..last]);
            for (int i = first; i < last; i++)
            {
                zBar[i] = g[row] * ((Math.Exp(z[i] - maximum) / sum * labelSum) - y[i]);
            }
        }
    }

    private static double Total(Span<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }
        return sum;
    }
}
