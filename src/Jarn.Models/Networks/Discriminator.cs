using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>
/// Distinguishes images from adapted Jacobians, as in the authors' release: per-sample normalisation; for each width a 4×4 convolution of stride 2,
/// batch norm and leaky ReLU(0.1); a linear layer to one logit.
/// </summary>
public sealed class Discriminator : LayeredNetwork
{
    private const int Kernel = 4, Stride = 2;

    private readonly (ConvolutionLayer Convolution, BatchNormLayer Norm)[] _blocks;
    private readonly LinearLayer _linear;

    /// <param name="image">The shape of one input image.</param>
    /// <param name="widths">The numbers of channels of the convolutions; 64 and 128 for MNIST.</param>
    public Discriminator(Initializer initializer, ImageShape image, IReadOnlyList<int> widths)
    {
        _blocks = new (ConvolutionLayer, BatchNormLayer)[widths.Count];
        (int height, int width) = (image.Height, image.Width);
        for (int i = 0; i < widths.Count; i++)
        {
            int inputs = i == 0 ? image.Channels : widths[i - 1];
            ConvolutionLayer convolution = new(initializer, $"conv{i + 1}", Kernel, Stride, inputs, widths[i]);
            _blocks[i] = (convolution, new BatchNormLayer(initializer, $"norm{i + 1}", widths[i], Activation.LeakyRelu));
            (height, width) = ((height + Stride - 1) / Stride, (width + Stride - 1) / Stride);
        }
        _linear = new LinearLayer(initializer, "linear", height * width * widths[^1], 1);
        Parameters = [.. _blocks.SelectMany(block => block.Convolution.Parameters.Concat(block.Norm.Parameters)), .. _linear.Parameters];
        RunningStatistics = [.. _blocks.SelectMany(block => block.Norm.RunningStatistics)];
    }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override IReadOnlyList<Parameter> RunningStatistics { get; }

    /// <summary>N×H×W×C → N×1 logits.</summary>
    public override TValue Interpret<TValue>(INetworkInterpreter<TValue> interpreter, TValue x)
    {
        TValue h = interpreter.Transform(new InputTransform(1, CenterAndNormalize: true), x);
        foreach ((ConvolutionLayer convolution, BatchNormLayer norm) in _blocks)
        {
            h = interpreter.Normalize(norm, interpreter.Convolve(convolution, h));
        }
        return interpreter.Connect(_linear, interpreter.Flatten(h));
    }

    /// <summary>N×H×W×C → N logits, positive for samples that it considers to be images.</summary>
    public override Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics) =>
        tape.Reshape(base.Forward(tape, x, statistics), new Kernels.Shape(x.Shape[0]));
}
