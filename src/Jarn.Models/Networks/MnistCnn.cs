namespace Jarn.Models;

/// <summary>Settings of <see cref="MnistCnn"/>.</summary>
public sealed record MnistCnnSettings : NetworkSettings, IActivationSetting
{
    /// <inheritdoc/>
    public Activation? Activation { get; init; }

    /// <inheritdoc/>
    public override string Title => "CNN of three convolutions (stride 5)" + this.Suffix();
}

/// <summary>
/// The paper's MNIST classifier (section 4.1): three convolutions of stride 5 with 64, 128 and 256 channels (28 → 6 → 2 → 1 with SAME
/// padding), then a linear layer to the logits. Kernel size 5 and the default activation ReLU are ours: the paper doesn't state them.
/// </summary>
public sealed class MnistCnn : LayeredNetwork
{
    /// <summary>The largest height and width that three strides of 5 reduce to one pixel.</summary>
    private const int LargestExtent = Stride * Stride * Stride;

    private const int Kernel = 5, Stride = 5;

    private readonly InputTransform _input;
    private readonly ConvolutionLayer[] _convolutions;
    private readonly LinearLayer _linear;

    /// <summary>The definition, for grey images that the strides reduce to one pixel.</summary>
    public static NetworkDefinition<MnistCnnSettings> Definition { get; } = new()
    {
        Name = "mnist-cnn",
        Summary = "the paper's CNN for MNIST, for grey images",
        Takes = image => image is { Channels: 1, Height: <= LargestExtent, Width: <= LargestExtent },
        Create = (initializer, description, settings) =>
            new MnistCnn(initializer, description.Classes, description.Input, activation: settings.ActivationOr(Activation.Relu)),
    };

    public MnistCnn(
        Initializer initializer, int classes, InputTransform input, IReadOnlyList<int>? widths = null, Activation activation = Activation.Relu)
    {
        _input = input;
        int[] channels = [1, .. widths ?? [64, 128, 256]];
        _convolutions = [.. Enumerable.Range(1, channels.Length - 1).Select(i =>
            new ConvolutionLayer(initializer, $"conv{i}", Kernel, Stride, channels[i - 1], channels[i], activation: activation))];
        _linear = new LinearLayer(initializer, "linear", channels[^1], classes);
        Parameters = [.. _convolutions.SelectMany(layer => layer.Parameters), .. _linear.Parameters];
    }

    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>N×28×28×1 pixels in [0, 1] → N×classes logits.</summary>
    public override TValue Interpret<TValue>(INetworkInterpreter<TValue> interpreter, TValue x)
    {
        TValue h = interpreter.Transform(_input, x);
        foreach (ConvolutionLayer convolution in _convolutions)
        {
            h = interpreter.Convolve(convolution, h);
        }
        return interpreter.Connect(_linear, interpreter.Flatten(h));
    }
}
