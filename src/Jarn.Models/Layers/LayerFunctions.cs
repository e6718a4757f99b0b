using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Functions that layers share.</summary>
public static class LayerFunctions
{
    /// <summary>Adds b to the last dimension of x.</summary>
    public static Tensor AddBias(this Tape tape, Tensor x, Tensor bias) => tape.Add(x, bias, AxisGeometry.Leading(x.Shape, 1));

    /// <summary>N×H×W×C → N×HWC.</summary>
    public static Tensor Flatten(this Tape tape, Tensor x) => tape.Reshape(x, new Shape(x.Shape[0], x.Length / x.Shape[0]));

    /// <summary>Global average pooling: N×H×W×C → N×C.</summary>
    public static Tensor MeanPixel(this Tape tape, Tensor x)
    {
        AxisGeometry pixels = new(x.Shape[0], x.Shape[1] * x.Shape[2], x.Shape[3]);
        return tape.Scale(tape.Sum(x, pixels, new Shape(x.Shape[0], x.Shape[3])), 1.0 / pixels.Axis);
    }
}
