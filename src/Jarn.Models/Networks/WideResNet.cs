using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>
/// Madry et al.'s Wide-ResNet, the paper's classifier for SVHN and CIFAR-10 (section 4.2; there width 10 and 5 units a stage): a 3×3 convolution
/// to 16 channels; three stages of <see cref="ResidualUnit"/>s with 16, 32 and 64 channels times the width, the second and third at half the
/// resolution of the one before; batch norm, its activation (theirs is the leaky ReLU), the mean over all pixels, and a linear layer to the logits.
/// </summary>
public sealed class WideResNet : Network
{
    /// <summary>The resolution is halved twice.</summary>
    internal const int ResolutionDivisor = 4;

    /// <summary>Well beyond what such a network is trained on; what a damaged file claims may be far larger.</summary>
    internal const int LargestExtent = 1024;

    private const int Kernel = 3, FirstChannels = 16, Stages = 3;

    private readonly InputTransform _input;
    private readonly ConvLayer _convolution;
    private readonly ResidualUnit[] _units;
    private readonly BatchNormLayer _norm;
    private readonly LinearLayer _linear;

    /// <param name="initializer">Draws the weights.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="input">Applied to the pixels before the first layer.</param>
    /// <param name="width">Multiplies the channels of the stages; at least 1.</param>
    /// <param name="unitsPerStage">Residual units, of two convolutions each; at least 1.</param>
    /// <param name="activation">The activation after each batch norm.</param>
    public WideResNet(
        Initializer initializer, int channels, int classes, InputTransform input, int width = 10, int unitsPerStage = 5,
        Activation activation = Activation.LeakyRelu)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(unitsPerStage, 1);
        _input = input;
        _convolution = new ConvLayer(initializer, "conv", Kernel, 1, channels, FirstChannels, bias: false);
        _units = new ResidualUnit[Stages * unitsPerStage];
        int inputs = FirstChannels;
        for (int i = 0; i < _units.Length; i++)
        {
            (int stage, int unit) = Math.DivRem(i, unitsPerStage);
            int outputs = FirstChannels * width << stage;
            _units[i] = new ResidualUnit(
                initializer, $"stage{stage + 1}.unit{unit + 1}", stride: stage > 0 && unit == 0 ? 2 : 1, inputs, outputs, activatesShortcut: i == 0, activation);
            inputs = outputs;
        }
        _norm = new BatchNormLayer(initializer, "norm", inputs, activation);
        _linear = new LinearLayer(initializer, "linear", inputs, classes);
        Parameters = [.. _convolution.Parameters, .. _units.SelectMany(unit => unit.Parameters), .. _norm.Parameters, .. _linear.Parameters];
        RunningStatistics = [.. _units.SelectMany(unit => unit.RunningStatistics), .. _norm.RunningStatistics];
    }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override IReadOnlyList<Parameter> RunningStatistics { get; }

    /// <summary>N×H×W×channels pixels in [0, 1] → N×classes logits.</summary>
    public override TValue Interpret<TValue>(INetworkInterpreter<TValue> interpreter, TValue x)
    {
        TValue h = interpreter.Convolve(_convolution, interpreter.Transform(_input, x));
        foreach (ResidualUnit unit in _units)
        {
            h = unit.Interpret(interpreter, h);
        }
        return interpreter.Connect(_linear, interpreter.MeanPixel(interpreter.Normalize(_norm, h)));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Height or width is not a multiple of 4, so that it can't be halved twice.</exception>
    public override Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics)
    {
        if (x.Shape[1] % ResolutionDivisor != 0 || x.Shape[2] % ResolutionDivisor != 0)
        {
            throw new ArgumentException($"a Wide-ResNet halves the resolution twice: {x.Shape[1]}×{x.Shape[2]} pixels are no multiples of {ResolutionDivisor}");
        }
        return base.Forward(tape, x, statistics);
    }
}
