using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>A kernel of one input and one output.</summary>
public delegate void LinearKernel(IDevice device, DeviceBuffer input, DeviceBuffer output);

/// <summary>
/// A linear operation y = A·x with its adjoint: the cotangent of x is Aᵀ·ȳ, whose own is A again. Sum and broadcast, slice and pad, pool and
/// unpool are such pairs.
/// </summary>
/// <param name="name">What it does.</param>
/// <param name="shape">Of y.</param>
/// <param name="forward">Computes A·x.</param>
/// <param name="adjoint">Computes Aᵀ·y.</param>
public sealed class LinearMap(string name, Shape shape, LinearKernel forward, LinearKernel adjoint) : Op
{
    public override Saved Saves => Saved.None;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(shape);
        forward(tape.Device, inputs[0].Buffer, y.Buffer);
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
        tape.Apply(new LinearMap($"adjoint of {name}", node.Inputs[0].Shape, adjoint, forward), cotangents[0]!);

    public override string ToString() => name;
}
