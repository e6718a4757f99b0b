using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>A convolution with TensorFlow's SAME padding, and a bias unless batch norm behind it makes one pointless: N×H×W×C → N×⌈H/s⌉×⌈W/s⌉×K.</summary>
public sealed class ConvLayer(Initializer initializer, string name, int kernel, int stride, int inputs, int outputs, bool bias = true)
{
    private readonly Parameter _weight = initializer.ConvWeight($"{name}.weight", new Shape(kernel, kernel, inputs, outputs));
    private readonly Parameter? _bias = bias ? initializer.Constant($"{name}.bias", outputs, 0) : null;

    public IEnumerable<Parameter> Parameters => _bias is null ? [_weight] : [_weight, _bias];

    public Tensor Forward(Tape tape, Tensor x)
    {
        ConvGeometry geometry = ConvGeometry.Same(x.Shape, _weight.Value.Shape, stride);
        Tensor y = tape.Conv2d(x, _weight.Value, geometry);
        return _bias is null ? y : tape.AddBias(y, _bias.Value);
    }
}
