using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Functions that layers share.</summary>
public static class LayerFunctions
{
    /// <summary>Adds b to the last dimension of x.</summary>
    public static Tensor AddBias(this Tape tape, Tensor x, Tensor bias) => tape.Add(x, bias, AxisGeometry.Leading(x.Shape, 1));

    /// <summary>max(x + b, 0)</summary>
    public static Tensor AddBiasAndRelu(this Tape tape, Tensor x, Tensor bias) => tape.AddThenLeakyRelu(x, bias, 0, AxisGeometry.Leading(x.Shape, 1));

    /// <summary>tanh(x + b)</summary>
    public static Tensor AddBiasAndTanh(this Tape tape, Tensor x, Tensor bias) => tape.AddThenTanh(x, bias, AxisGeometry.Leading(x.Shape, 1));

    /// <summary>N×H×W×C → N×HWC.</summary>
    public static Tensor Flatten(this Tape tape, Tensor x) => tape.Reshape(x, new Shape(x.Shape[0], x.Length / x.Shape[0]));
}
