using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>A convolution with TensorFlow's SAME padding, and a bias unless batch norm behind it makes one pointless: N×H×W×C → N×⌈H/s⌉×⌈W/s⌉×K.</summary>
public sealed class ConvLayer(Initializer initializer, string name, int kernel, int stride, int inputs, int outputs, bool bias = true)
{
    private readonly Parameter _weight = initializer.ConvWeight($"{name}.weight", new Shape(kernel, kernel, inputs, outputs));
    private readonly Parameter? _bias = bias ? initializer.Constant($"{name}.bias", outputs, 0) : null;

    /// <summary>The weight [kernel, kernel, inputs, outputs], and the bias where there is one.</summary>
    public IEnumerable<Parameter> Parameters => _bias is null ? [_weight] : [_weight, _bias];

    public Tensor Forward(Tape tape, Tensor x) => _bias is null ? Convolve(tape, x) : Forward(tape, x, LayerFunctions.AddBias);

    /// <param name="addBias">Adds the bias, with what stands behind it where one pass can do both.</param>
    /// <exception cref="InvalidOperationException">The layer has no bias.</exception>
    public Tensor Forward(Tape tape, Tensor x, Func<Tape, Tensor, Tensor, Tensor> addBias) => _bias is null
        ? throw new InvalidOperationException($"{_weight.Name} has no bias to add")
        : addBias(tape, Convolve(tape, x), _bias.Value);

    private Tensor Convolve(Tape tape, Tensor x) =>
        tape.Conv2d(x, _weight.Value, ConvGeometry.Same(x.Shape, _weight.Value.Shape, stride));
}
