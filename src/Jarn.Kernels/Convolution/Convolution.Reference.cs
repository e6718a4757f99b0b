namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    /// <summary>Called for each product x·w of the trilinear form ⟨C(x, w), ȳ⟩, with the offsets of its three factors.</summary>
    private delegate void ConvolutionTerm(int input, int filter, int output);

    internal void Convolution(in ConvolutionCall call)
    {
        (DeviceBuffer input, DeviceBuffer filter, ConvolutionGeometry geometry, DeviceBuffer output) = call;
        double[] x = Values(input), w = Values(filter), y = Values(output);
        Array.Clear(y);
        ForEachTerm(geometry, (i, f, o) => y[o] += x[i] * w[f]);
    }

    internal void ConvolutionInputGradient(in ConvolutionInputGradientCall call)
    {
        (DeviceBuffer outputCotangent, DeviceBuffer filter, ConvolutionGeometry geometry, DeviceBuffer inputCotangent) = call;
        double[] x = Values(inputCotangent), w = Values(filter), y = Values(outputCotangent);
        Array.Clear(x);
        ForEachTerm(geometry, (i, f, o) => x[i] += y[o] * w[f]);
    }

    internal void ConvolutionFilterGradient(in ConvolutionFilterGradientCall call)
    {
        (DeviceBuffer input, DeviceBuffer outputCotangent, ConvolutionGeometry geometry, DeviceBuffer filterCotangent) = call;
        double[] x = Values(input), w = Values(filterCotangent), y = Values(outputCotangent);
        Array.Clear(w);
        ForEachTerm(geometry, (i, f, o) => w[f] += x[i] * y[o]);
    }

    private static void ForEachTerm(ConvolutionGeometry g, ConvolutionTerm term)
    {
        for (int n = 0; n < g.Batch; n++)
        {
            for (int p = 0; p < g.OutputHeight; p++)
            {
                for (int q = 0; q < g.OutputWidth; q++)
                {
                    for (int r = 0; r < g.KernelHeight; r++)
                    {
                        for (int t = 0; t < g.KernelWidth; t++)
                        {
                            int h = (p * g.StrideHeight) - g.PadTop + r;
                            int v = (q * g.StrideWidth) - g.PadLeft + t;
                            if (h < 0 || h >= g.InputHeight || v < 0 || v >= g.InputWidth)
                            {
                                continue;
                            }
                            int input = ((((n * g.InputHeight) + h) * g.InputWidth) + v) * g.InputChannels;
                            int filter = ((r * g.KernelWidth) + t) * g.InputChannels * g.OutputChannels;
                            int output = ((((n * g.OutputHeight) + p) * g.OutputWidth) + q) * g.OutputChannels;
                            for (int c = 0; c < g.InputChannels; c++)
                            {
                                for (int k = 0; k < g.OutputChannels; k++)
                                {
                                    term(input + c, filter + (c * g.OutputChannels) + k, output + k);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
