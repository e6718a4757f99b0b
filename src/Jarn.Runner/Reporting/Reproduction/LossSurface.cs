using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Reporting.Reproduction;

/// <summary>
/// The mean cross-entropy over a <see cref="ImageProbe"/>'s images x at x + a·d + b·r: d is the sign of the loss's gradient in x, r a random
/// direction of signs made orthogonal to it. Pixels may leave [0, 1]: the surface is the network's, clipping would bend it.
/// </summary>
public static class LossSurface
{
    /// <summary>Points a side; odd, so that one of them is the image itself.</summary>
    public const int Resolution = 41;

    /// <summary>The places along both axes, from −reach to reach.</summary>
    public static IReadOnlyList<double> Places(double reach, int resolution = Resolution) =>
        [.. Enumerable.Range(0, resolution).Select(i => reach * ((2.0 * i / (resolution - 1)) - 1))];

    /// <param name="device">The device that holds the classifier's parameters.</param>
    /// <param name="classifier">The classifier, whose batch norm uses its running statistics.</param>
    /// <param name="probe">The images.</param>
    /// <param name="reach">The largest |a| and |b|.</param>
    /// <param name="seed">The seed of the random directions. They are the same for every classifier except for the part along d.</param>
    /// <param name="resolution">The number of points along each side; odd.</param>
    /// <returns>The mean loss [position along d, position along r].</returns>
    public static double[,] Compute(IDevice device, Network classifier, ImageProbe probe, double reach, ulong seed, int resolution = Resolution)
    {
        IReadOnlyList<double> places = Places(reach, resolution);
        int pixels = probe.Source.PixelsPerImage, classes = probe.Source.ClassCount, count = probe.Indices.Count;
        float[] gradient = probe.Gradient(classifier), row = new float[resolution * pixels], labels = new float[resolution * classes];
        CapturedFunction<CapturedTensor> losses = new(device, (tape, inputs) =>
            new CapturedTensor(tape.CrossEntropy(classifier.Forward(tape, inputs[0], BatchStatistics.Running), inputs[1])));
        using Tensor x = new(device, new Shape(resolution, probe.Source.Height, probe.Source.Width, probe.Source.Channels));
        using Tensor y = new(device, new Shape(resolution, classes));
        double[,] surface = new double[resolution, resolution];
        for (int image = 0; image < count; image++)
        {
            ReadOnlySpan<float> origin = probe.Values.AsSpan(image * pixels, pixels);
            (float[] adversarial, float[] random) = Directions(
                gradient.AsSpan(image * pixels, pixels), new RandomStream(seed, RandomStream.SurfaceDirection).At((uint)image));
            labels.AsSpan().Clear();
            for (int j = 0; j < resolution; j++)
            {
                labels[(j * classes) + probe.Source.Labels[probe.Indices[image]]] = 1;
            }
            device.Upload(labels, y.Buffer);
            for (int i = 0; i < resolution; i++)
            {
                for (int j = 0; j < resolution; j++)
                {
                    for (int pixel = 0; pixel < pixels; pixel++)
                    {
                        row[(j * pixels) + pixel] = (float)(origin[pixel] + (places[i] * adversarial[pixel]) + (places[j] * random[pixel]));
                    }
                }
                device.Upload(row, x.Buffer);
                float[] values = losses.Run(x, y).Value.ToArray();
                for (int j = 0; j < resolution; j++)
                {
                    surface[i, j] += values[j] / (double)count;
                }
            }
        }
        losses.Release();
        return surface;
    }

    /// <summary>
    /// d = sign g, and r = s − d⟨s, d⟩/⟨d, d⟩ for random signs s, then of their length. Where g is exactly zero, so is d, and the surface is flat
    /// along it.
    /// </summary>
    public static (float[] Adversarial, float[] Random) Directions(ReadOnlySpan<float> gradient, RandomKey key)
    {
        float[] adversarial = new float[gradient.Length], random = new float[gradient.Length];
        PhiloxSequence signs = new(key, firstBlock: 0);
        double product = 0, square = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            adversarial[i] = Math.Sign(gradient[i]);
            random[i] = signs.Below(2) == 0 ? -1 : 1;
            product += random[i] * adversarial[i];
            square += adversarial[i] * adversarial[i];
        }
        double share = square > 0 ? product / square : 0, length = 0;
        for (int i = 0; i < random.Length; i++)
        {
            random[i] -= (float)(share * adversarial[i]);
            length += random[i] * (double)random[i];
        }
        float scale = (float)Math.Sqrt(random.Length / length);
        for (int i = 0; i < random.Length; i++)
        {
            random[i] *= scale;
        }
        return (adversarial, random);
    }
}
