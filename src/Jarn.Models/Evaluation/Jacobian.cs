namespace Jarn.Models;

/// <summary>Measures of the input Jacobian: the gradient of the loss with respect to the image.</summary>
public static class Jacobian
{
    /// <summary>Standard deviations that reach from grey to black and to white.</summary>
    public const float Contrast = 3;

    /// <summary>|⟨a, b⟩|/(‖a‖‖b‖) of image and Jacobian, both less their means; 0 where one of them is constant.</summary>
    public static double Alignment(ReadOnlySpan<float> image, ReadOnlySpan<float> jacobian)
    {
        float[] a = Centred(image), b = Centred(jacobian);
        double lengths = Math.Sqrt(Product(a, a) * Product(b, b));
        return lengths > 0 ? Math.Abs(Product(a, b)) / lengths : 0;
    }

    /// <summary>‖J‖₂</summary>
    public static double Norm(ReadOnlySpan<float> jacobian) => Math.Sqrt(Product(jacobian, jacobian));

    /// <summary>
    /// Values to shades: 0 to 0.5, and ±3 standard deviations (about zero) to 1 and 0; what lies beyond is cut off. A Jacobian of zeros is grey.
    /// </summary>
    public static float[] Shades(ReadOnlySpan<float> jacobian)
    {
        float deviation = (float)Math.Sqrt(Product(jacobian, jacobian) / jacobian.Length);
        float[] shades = new float[jacobian.Length];
        for (int i = 0; i < shades.Length; i++)
        {
            shades[i] = deviation > 0 ? Math.Clamp(0.5f + (jacobian[i] / (2 * Contrast * deviation)), 0, 1) : 0.5f;
        }
        return shades;
    }

    private static float[] Centred(ReadOnlySpan<float> values)
    {
        double mean = 0;
        foreach (float value in values)
        {
            mean += value / (double)values.Length;
        }
        float[] centred = new float[values.Length];
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] = (float)(values[i] - mean);
        }
        return centred;
    }

    private static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }
        return sum;
    }
}
