using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Functions that layers share.</summary>
public static class LayerFunctions
{
    /// <summary>Adds b to the last dimension of x.</summary>
    public static Tensor AddBias(this Tape tape, Tensor x, Tensor bias) => tape.Add(x, bias, AxisGeometry.Leading(x.Shape, 1));

    /// <summary>
    /// Per sample (x − mean x) / ‖x − mean x‖₂, the norm guarded as TensorFlow's l2_normalize guards it: √max(Σ², 1e-12).
    /// </summary>
    public static Tensor CenterAndNormalize(this Tape tape, Tensor x)
    {
        AxisGeometry samples = AxisGeometry.Trailing(x.Shape, 1);
        Tensor centered = tape.Subtract(x, tape.Scale(tape.SumSamples(x), 1.0 / samples.Axis), samples);
        Tensor squares = tape.Clamp(tape.SumSamples(tape.Square(centered)), 1e-12, double.PositiveInfinity);
        return tape.Multiply(centered, tape.ReciprocalSquareRoot(squares), samples);
    }

    /// <summary>N×H×W×C → N×HWC.</summary>
    public static Tensor Flatten(this Tape tape, Tensor x) => tape.Reshape(x, new Shape(x.Shape[0], x.Length / x.Shape[0]));
}
