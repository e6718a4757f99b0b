namespace Jarn.Models;

/// <summary>
/// The mean structural similarity index of two images of range [0, 1] (Wang et al. 2004), with their constants: a Gaussian window of 11×11 and σ =
/// 1.5, K₁ = 0.01, K₂ = 0.03, over the places where the window lies within the image, and the mean of the channels. 1 for equal images. In an image
/// that is smaller than the window, the window is as large as the image.
/// </summary>
public static class StructuralSimilarity
{
    private const int LargestWindow = 11;
    private const double Deviation = 1.5, C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

    /// <summary>The structural similarity of two images, from −1 to 1.</summary>
    /// <param name="a">An image, H×W×C.</param>
    /// <param name="b">An image of the same shape.</param>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int height, int width, int channels)
    {
        double total = 0;
        for (int channel = 0; channel < channels; channel++)
        {
            double[] x = new double[height * width], y = new double[height * width];
            double[] xx = new double[height * width], yy = new double[height * width], xy = new double[height * width];
            for (int i = 0; i < x.Length; i++)
            {
                (x[i], y[i]) = (a[(i * channels) + channel], b[(i * channels) + channel]);
                (xx[i], yy[i], xy[i]) = (x[i] * x[i], y[i] * y[i], x[i] * y[i]);
            }
            total += Mean(Blur(x, height, width), Blur(y, height, width), Blur(xx, height, width), Blur(yy, height, width), Blur(xy, height, width));
        }
        return total / channels;
    }

    private static double Mean(double[] x, double[] y, double[] xx, double[] yy, double[] xy)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double product = x[i] * y[i], squares = (x[i] * x[i]) + (y[i] * y[i]);
            sum += ((2 * product) + C1) * ((2 * (xy[i] - product)) + C2) / ((squares + C1) * (xx[i] + yy[i] - squares + C2));
        }
        return sum / x.Length;
    }

    /// <summary>The window's means, at the places where it lies within the image: first along rows, then along columns.</summary>
    private static double[] Blur(double[] values, int height, int width)
    {
        double[] across = Weights(width), down = Weights(height);
        int columns = width - across.Length + 1, rows = height - down.Length + 1;
        double[] along = new double[height * columns], blurred = new double[rows * columns];
        for (int i = 0; i < along.Length; i++)
        {
            for (int tap = 0; tap < across.Length; tap++)
            {
                along[i] += across[tap] * values[(i / columns * width) + (i % columns) + tap];
            }
        }
        for (int i = 0; i < blurred.Length; i++)
        {
            for (int tap = 0; tap < down.Length; tap++)
            {
                blurred[i] += down[tap] * along[i + (tap * columns)];
            }
        }
        return blurred;
    }

    /// <summary>The weights of the window along an axis of this many pixels.</summary>
    private static double[] Weights(int extent)
    {
        int window = Math.Min(LargestWindow, extent);
        double middle = (window - 1) / 2.0;
        double[] weights = [.. Enumerable.Range(0, window).Select(tap => Math.Exp(-Math.Pow(tap - middle, 2) / (2 * Deviation * Deviation)))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
