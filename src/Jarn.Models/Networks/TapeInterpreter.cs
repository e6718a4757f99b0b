using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>Computes a network on a tape.</summary>
public sealed class TapeInterpreter(Tape tape, BatchStatistics statistics) : INetworkInterpreter<Tensor>
{
    public Tensor Transform(InputTransform transform, Tensor x) => transform.Apply(tape, x);

    public Tensor Convolve(ConvolutionLayer layer, Tensor x) => layer.Forward(tape, x);

    public Tensor Normalize(BatchNormLayer layer, Tensor x) => layer.Forward(tape, x, statistics);

    public Tensor Connect(LinearLayer layer, Tensor x) => layer.Forward(tape, x);

    public Tensor Add(Tensor x, Tensor y) => tape.Add(x, y);

    public Tensor Activate(Tensor x, Activation activation) => tape.Activate(x, activation);

    public Tensor AveragePool(Tensor x, int window) => tape.AveragePool(x, window);

    public Tensor PadChannels(Tensor x, int before, int after) => tape.Pad(x, dimension: 3, before, after);

    public Tensor MeanPixel(Tensor x) => tape.MeanPixel(x);

    public Tensor Flatten(Tensor x) => tape.Flatten(x);
}
