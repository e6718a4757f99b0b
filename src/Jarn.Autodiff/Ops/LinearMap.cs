using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>A device call with one input and one output.</summary>
public delegate void LinearKernel(IDevice device, DeviceBuffer input, DeviceBuffer output);

/// <summary>
/// A linear operation y = A·x and its adjoint. The cotangent of x is Aᵀ·ȳ, and the derivative of that uses A again. Sum and broadcast, slice and pad,
/// pool and unpool are such pairs.
/// </summary>
/// <param name="name">Returned by <see cref="ToString"/>.</param>
/// <param name="shape">The shape of y.</param>
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
