using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>The mean of each window.</summary>
public sealed class AveragePool(PoolGeometry geometry) : Op
{
    public override Saved Saves => Saved.None;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(geometry.OutputShape);
        tape.Device.AveragePool(inputs[0].Buffer, geometry, y.Buffer);
        return [y];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
        [tape.Apply(new AverageUnpool(geometry), cotangents[0]!)[0]];
}

/// <summary>The adjoint of <see cref="AveragePool"/>.</summary>
public sealed class AverageUnpool(PoolGeometry geometry) : Op
{
    public override Saved Saves => Saved.None;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor x = tape.Allocate(geometry.InputShape);
        tape.Device.AverageUnpool(inputs[0].Buffer, geometry, x.Buffer);
        return [x];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
        [tape.Apply(new AveragePool(geometry), cotangents[0]!)[0]];
}

public static partial class Operations
{
    /// <summary>Average pooling of N×H×W×C by windows that do not overlap; what does not fill a window is left out.</summary>
    public static Tensor AveragePool(this Tape tape, Tensor x, int window) =>
        tape.Apply(new AveragePool(new PoolGeometry(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], window)), x)[0];
}
