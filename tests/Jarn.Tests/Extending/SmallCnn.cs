using Jarn.Models;

namespace Jarn.Tests.Extending;

/// <summary>Settings of <see cref="SmallCnn"/>.</summary>
public sealed record SmallCnnSettings : NetworkSettings
{
    [Setting("filters", "N", "Channels of the convolution.", Minimum = 1, Maximum = 4096)]
    public int Filters { get; init; } = 16;

    public override string Title => $"small CNN of {Filters} filters";
}

/// <summary>The network of docs/extending.md: relu(conv(x) + conv′(x)), the mean over all pixels, and a linear layer.</summary>
public sealed class SmallCnn : LayeredNetwork
{
    private readonly InputTransform _input;
    private readonly ConvolutionLayer _left, _right;
    private readonly LinearLayer _linear;

    public SmallCnn(Initializer initializer, ClassifierDescription description, SmallCnnSettings settings)
    {
        _input = description.Input;
        _left = new ConvolutionLayer(initializer, "left", kernel: 3, stride: 2, description.Image.Channels, settings.Filters);
        _right = new ConvolutionLayer(initializer, "right", kernel: 1, stride: 2, description.Image.Channels, settings.Filters);
        _linear = new LinearLayer(initializer, "linear", settings.Filters, description.Classes);
        Parameters = [.. _left.Parameters, .. _right.Parameters, .. _linear.Parameters];
    }

    public static NetworkDefinition<SmallCnnSettings> Definition { get; } = new()
    {
        Name = "small-cnn",
        Summary = "two convolutions side by side, for images of any shape",
        Takes = _ => true,
        Create = (initializer, description, settings) => new SmallCnn(initializer, description, settings),
    };

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override TValue Interpret<TValue>(INetworkInterpreter<TValue> interpreter, TValue x)
    {
        TValue h = interpreter.Transform(_input, x);
        h = interpreter.Activate(interpreter.Add(interpreter.Convolve(_left, h), interpreter.Convolve(_right, h)), Activation.Relu);
        return interpreter.Connect(_linear, interpreter.MeanPixel(h));
    }
}
