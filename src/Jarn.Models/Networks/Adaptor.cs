using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>Maps Jacobians to the domain of images: a 1×1 convolution and tanh (paper, Eq. 7). N×H×W×C → the same.</summary>
public sealed class Adaptor : Network
{
    private readonly ConvLayer _convolution;

    public Adaptor(Initializer initializer, int channels)
    {
        _convolution = new ConvLayer(initializer, "conv", 1, 1, channels, channels);
        Parameters = [.. _convolution.Parameters];
    }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics) =>
        _convolution.Forward(tape, x, LayerFunctions.AddBiasAndTanh);
}
