using Jarn.Autodiff;
using Jarn.Kernels;
using Microsoft.ML.OnnxRuntime;

namespace Jarn.Models;

/// <summary>How closely ONNX Runtime and Jarn agree on the same images.</summary>
/// <param name="Images">The number of images.</param>
/// <param name="Difference">The largest difference of two outputs in absolute value; NaN if an output is not finite.</param>
/// <param name="Scale">The largest output in absolute value, and at least 1.</param>
public sealed record OnnxComparison(int Images, double Difference, double Scale)
{
    /// <summary>The permitted difference, relative to the scale.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>One black image, whose norm is zero, and three of noise. A single one is noise.</summary>
    private const int ImagesForAnyBatch = 4;

    /// <summary>The version of ONNX Runtime.</summary>
    public static string Runtime => OrtEnv.Instance().GetVersionString();

    /// <summary>Whether the difference is one of rounding.</summary>
    public bool Agrees => Difference <= Tolerance * Scale;

    /// <summary>Runs the model in ONNX Runtime and the network on its device, and compares their outputs.</summary>
    /// <param name="model">An ONNX file's content.</param>
    /// <param name="network">The network that the model was made from.</param>
    /// <param name="device">The device that holds the network's parameters.</param>
    /// <param name="image">The shape of one input image.</param>
    /// <param name="shape">The layout, batch size and output of the model.</param>
    /// <exception cref="OnnxException">ONNX Runtime refuses the model, or is not available on this system.</exception>
    /// <exception cref="NonFiniteLogitsException">The network's logits are infinite or NaN.</exception>
    public static OnnxComparison Of(byte[] model, Network network, IDevice device, ImageShape image, OnnxInterface shape)
    {
        int count = shape.Batch ?? ImagesForAnyBatch;
        Random random = new(0);
        float[] pixels = [.. Enumerable.Range(0, count * image.Pixels).Select(i => count > 1 && i < image.Pixels ? 0 : random.NextSingle())];
        float[] theirs = RunOnnx(model, pixels, count, image, shape), ours = Run(network, device, pixels, count, image, shape.Softmax);
        NonFiniteLogitsException.ThrowIfAny(ours, ours.Length / count);
        double difference = ours.Length == theirs.Length ? 0 : double.NaN;
        for (int i = 0; i < Math.Min(ours.Length, theirs.Length); i++)
        {
            // Once NaN, it stays: Math.Max gives NaN where one of its arguments is.
            difference = Math.Max(difference, Math.Abs((double)ours[i] - theirs[i]));
        }
        return new OnnxComparison(count, difference, ours.Aggregate(1.0, (largest, value) => Math.Max(largest, Math.Abs(value))));
    }

    private static float[] Run(Network network, IDevice device, float[] pixels, int count, ImageShape image, bool softmax)
    {
        using Tensor x = Tensor.From(device, new Shape(count, image.Height, image.Width, image.Channels), pixels);
        using Tape tape = new(device, recording: false);
        Tensor logits = network.Forward(tape, x, BatchStatistics.Running);
        return (softmax ? tape.Softmax(logits) : logits).ToArray();
    }

    private static float[] RunOnnx(byte[] model, float[] pixels, int count, ImageShape image, OnnxInterface shape)
    {
        bool channelsFirst = shape.Layout == ImageLayout.Nchw;
        long[] extents = channelsFirst ? [count, image.Channels, image.Height, image.Width] : [count, image.Height, image.Width, image.Channels];
        try
        {
            using SessionOptions options = new();
            using InferenceSession session = new(model, options);
            using RunOptions run = new();
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(channelsFirst ? ChannelsFirst(pixels, count, image) : pixels, extents);
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, [OnnxModel.Images], [input], [OnnxModel.OutputName(shape)]);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
        catch (OnnxRuntimeException exception)
        {
            throw new OnnxException($"ONNX Runtime refuses the model ({exception.Message.ReplaceLineEndings(" ").TrimEnd('.')})", exception);
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException)
        {
            throw new OnnxException("ONNX Runtime does not run on this machine, so that the model can't be verified", exception);
        }
    }

    /// <summary>N×H×W×C → N×C×H×W</summary>
    private static float[] ChannelsFirst(float[] pixels, int count, ImageShape image)
    {
        int places = image.Height * image.Width, channels = image.Channels;
        float[] reordered = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int sample, int within) = Math.DivRem(i, image.Pixels);
            (int place, int channel) = Math.DivRem(within, channels);
            reordered[(((sample * channels) + channel) * places) + place] = pixels[i];
        }
        return reordered;
    }
}
