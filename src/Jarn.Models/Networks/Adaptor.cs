namespace Jarn.Models;

/// <summary>Maps Jacobians to the domain of images: a 1×1 convolution and tanh (paper, Eq. 7). N×H×W×C → the same.</summary>
public sealed class Adaptor : LayeredNetwork
{
    private readonly ConvolutionLayer _convolution;

    public Adaptor(Initializer initializer, int channels)
    {
        _convolution = new ConvolutionLayer(initializer, "conv", 1, 1, channels, channels, activation: Activation.Tanh);
        Parameters = [.. _convolution.Parameters];
    }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override TValue Interpret<TValue>(INetworkInterpreter<TValue> interpreter, TValue x) => interpreter.Convolve(_convolution, x);
}
