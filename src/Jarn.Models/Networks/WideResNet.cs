using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>Settings of <see cref="WideResNet"/>; the defaults are the paper's.</summary>
public sealed record WideResNetSettings : NetworkSettings, IActivationSetting, IScalableDepth
{
    /// <summary>Layers outside the residual units: the first convolution and the linear layer.</summary>
    private const int OuterLayers = 2;

    /// <summary>Three stages of units of two convolutions.</summary>
    private const int LayersPerUnitOfEachStage = 6;

    /// <summary>Multiplies the channels of the stages.</summary>
    [Setting("width", "N", "Channel multiplier; the paper uses 10.", Minimum = 1, Maximum = 1000)]
    public int Width { get; init; } = 10;

    /// <summary>Layers: 6n + 2 for n residual units per stage.</summary>
    [Setting("depth", "N", "Number of layers: 8, 14, 20, 26, 32 (paper), …", Minimum = 1, Maximum = 10_000, Rule = typeof(DepthRule))]
    public int Depth { get; init; } = 32;

    /// <inheritdoc/>
    public Activation? Activation { get; init; }

    /// <inheritdoc/>
    public override string Title => $"Wide-ResNet-{Depth}-{Width}" + this.Suffix();

    /// <inheritdoc/>
    public override int FewestTensors => Depth;

    internal int UnitsPerStage => IsDepth(Depth) ? (Depth - OuterLayers) / LayersPerUnitOfEachStage
        : throw new InvalidOperationException($"there is no Wide-ResNet of {Depth} layers");

    /// <summary>Whether a Wide-ResNet can have this number of layers.</summary>
    public static bool IsDepth(int layers) => layers > OuterLayers && (layers - OuterLayers) % LayersPerUnitOfEachStage == 0;

    /// <inheritdoc/>
    public NetworkSettings WithDepth(int depth) => this with { Depth = depth };

    private sealed class DepthRule : ISettingRule
    {
        public string Expected => "8, 14, 20, 26, 32 and so on (6n + 2 layers)";

        public bool Allows(object value) => value is int depth && IsDepth(depth);
    }
}

/// <summary>
/// Madry et al.'s Wide-ResNet, the paper's classifier for SVHN and CIFAR-10 (section 4.2; there width 10 and 5 units a stage): a 3×3 convolution
/// to 16 channels; three stages of <see cref="ResidualUnit"/>s with 16, 32 and 64 channels times the width, the second and third at half the
/// resolution of the one before; batch norm, its activation (theirs is the leaky ReLU), the mean over all pixels, and a linear layer to the logits.
/// </summary>
public sealed class WideResNet : LayeredNetwork
{
    /// <summary>The resolution is halved twice.</summary>
    private const int ResolutionDivisor = 4;

    /// <summary>Well beyond what such a network is trained on; what a damaged file claims may be far larger.</summary>
    private const int LargestExtent = 1024;

    private const int Kernel = 3, FirstChannels = 16, Stages = 3;

    private readonly InputTransform _input;
    private readonly ConvolutionLayer _convolution;
    private readonly ResidualUnit[] _units;
    private readonly BatchNormLayer _norm;
    private readonly LinearLayer _linear;

    /// <summary>The definition, for images whose height and width are multiples of 4.</summary>
    public static NetworkDefinition<WideResNetSettings> Definition { get; } = new()
    {
        Name = "wide-resnet",
        Summary = "Madry et al.'s Wide-ResNet, the paper's for SVHN and CIFAR-10",
        SmallSettings = new WideResNetSettings { Width = 1, Depth = 8 },
        Takes = image => image.Height % ResolutionDivisor == 0 && image.Width % ResolutionDivisor == 0
            && image is { Height: <= LargestExtent, Width: <= LargestExtent },
        Create = (initializer, description, settings) => new WideResNet(
            initializer, description.Image.Channels, description.Classes, description.Input, settings.Width, settings.UnitsPerStage,
            settings.ActivationOr(Activation.LeakyRelu)),
    };

    /// <param name="channels">The number of colour channels of an image.</param>
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
        _convolution = new ConvolutionLayer(initializer, "conv", Kernel, 1, channels, FirstChannels, bias: false);
        _units = new ResidualUnit[Stages * unitsPerStage];
        int inputs = FirstChannels;
        for (int i = 0; i < _units.Length; i++)
        {
            (int stage, int unit) = Math.DivRem(i, unitsPerStage);
            int outputs = FirstChannels * width << stage;
            _units[i] = new ResidualUnit(
                initializer, $"stage{stage + 1}.unit{unit + 1}", stride: stage > 0 && unit == 0 ? 2 : 1, inputs, outputs, activatesShortcut: i == 0,
                activation);
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
            throw new ArgumentException(
                $"a Wide-ResNet halves the resolution twice: {x.Shape[1]}×{x.Shape[2]} pixels are no multiples of {ResolutionDivisor}");
        }
        return base.Forward(tape, x, statistics);
    }
}
