using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>A convolution with TensorFlow's SAME padding and a bias: N×H×W×C → N×⌈H/s⌉×⌈W/s⌉×K.</summary>
public sealed class ConvLayer(Initializer initializer, string name, int kernel, int stride, int inputs, int outputs)
{
    private readonly Parameter _weight = initializer.ConvWeight($"{name}.weight", new Shape(kernel, kernel, inputs, outputs));
    private readonly Parameter _bias = initializer.Constant($"{name}.bias", outputs, 0);

    public IEnumerable<Parameter> Parameters => [_weight, _bias];

    public Tensor Forward(Tape tape, Tensor x) => Forward(tape, x, LayerFunctions.AddBias);

    /// <param name="addBias">Adds the bias, with what stands behind it where one pass can do both.</param>
    public Tensor Forward(Tape tape, Tensor x, Func<Tape, Tensor, Tensor, Tensor> addBias)
    {
        ConvGeometry geometry = ConvGeometry.Same(x.Shape, _weight.Value.Shape, stride);
        return addBias(tape, tape.Conv2d(x, _weight.Value, geometry), _bias.Value);
    }
}
