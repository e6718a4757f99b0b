namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void CenterAndNormalize(in CenterAndNormalizeCall call)
    {
        (DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm) = call;
        Span<double> xs = Span(x), ys = Span(y), reciprocals = Span(reciprocalNorm);
        for (int row = 0; row < geometry.Rows; row++)
        {
            int first = row * geometry.Columns, last = first + geometry.Columns;
            double mean = Total(xs[first..last]) / geometry.Columns, squares = 0;
            for (int i = first; i < last; i++)
            {
                squares += (xs[i] - mean) * (xs[i] - mean);
            }
            double r = Math.Min(1 / Math.Sqrt(squares), geometry.LargestReciprocal);
            for (int i = first; i < last; i++)
            {
                ys[i] = (xs[i] - mean) * r;
            }
            reciprocals[row] = r;
        }
    }

    /// <remarks>
    /// With c = x − mean, y = c·r and r = ‖c‖⁻¹ the cotangent of c is r(g − y·Σgy); that of x is what remains of it without its mean, and y's
    /// own mean is zero.
    /// </remarks>
    internal void CenterAndNormalizeGradient(in CenterAndNormalizeGradientCall call)
    {
        (DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent, NormalizeGeometry geometry, DeviceBuffer xCotangent) = call;
        Span<double> ys = Span(y), reciprocals = Span(reciprocalNorm), g = Span(outputCotangent), xBar = Span(xCotangent);
        for (int row = 0; row < geometry.Rows; row++)
        {
            int first = row * geometry.Columns, last = first + geometry.Columns;
            double r = reciprocals[row], mean = Total(g[first..last]) / geometry.Columns, gy = 0;
            for (int i = first; i < last && r < geometry.LargestReciprocal; i++)
            {
                gy += g[i] * ys[i];
            }
            for (int i = first; i < last; i++)
            {
                xBar[i] = r * (g[i] - mean - (ys[i] * gy));
            }
        }
    }
}
