using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>A convolution with TensorFlow's SAME padding and an optional bias (pointless before batch norm): N×H×W×C → N×⌈H/s⌉×⌈W/s⌉×K.</summary>
public sealed class ConvolutionLayer
{
    /// <exception cref="ArgumentException">There is an activation, but no bias.</exception>
    public ConvolutionLayer(
        Initializer initializer, string name, int kernel, int stride, int inputs, int outputs, bool bias = true,
        Activation activation = Activation.None)
    {
        if (!bias && activation != Activation.None)
        {
            throw new ArgumentException($"{name} has no bias for its activation to stand behind", nameof(activation));
        }
        (Stride, Activation) = (stride, activation);
        Weight = initializer.ConvolutionWeight($"{name}.weight", new Shape(kernel, kernel, inputs, outputs));
        Bias = bias ? initializer.Constant($"{name}.bias", outputs, 0) : null;
    }

    /// <summary>The stride along height and width.</summary>
    public int Stride { get; }

    /// <summary>The activation after the bias.</summary>
    public Activation Activation { get; }

    /// <summary>[kh, kw, in, out]</summary>
    public Parameter Weight { get; }

    /// <summary>[out]; null without a bias.</summary>
    public Parameter? Bias { get; }

    /// <summary>The weight, and the bias if there is one.</summary>
    public IEnumerable<Parameter> Parameters => Bias is null ? [Weight] : [Weight, Bias];

    /// <summary>N×H×W×C → N×⌈H/s⌉×⌈W/s⌉×K.</summary>
    public Tensor Forward(Tape tape, Tensor x)
    {
        Tensor y = tape.Convolution(x, Weight.Value, ConvolutionGeometry.Same(x.Shape, Weight.Value.Shape, Stride));
        return Bias is null ? y : tape.ActivationOfSum(y, Bias.Value, Activation);
    }
}
