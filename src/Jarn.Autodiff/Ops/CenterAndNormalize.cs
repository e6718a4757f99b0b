using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// x → (y, r): per row y = (x − mean)·r and r = 1/max(‖x − mean‖₂, ε). With cotangents g and s of y and r, that of x is
/// r(g − mean g − κ·y·⟨g, y⟩) − κ·s·r²·y, where κ is 0 in rows whose norm is replaced by ε, and 1 in the others.
/// </summary>
public sealed class CenterAndNormalize(NormalizeGeometry geometry) : Op
{
    public override Saved Saves => Saved.Outputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor y = tape.Allocate(inputs[0].Shape), r = tape.Allocate(new Shape(geometry.Rows));
        tape.Device.CenterAndNormalize(inputs[0].Buffer, geometry, y.Buffer, r.Buffer);
        return [y, r];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        (Tensor y, Tensor r) = (node.Outputs[0], node.Outputs[1]);
        Tensor? throughY = cotangents[0] is Tensor g ? tape.Apply(new CenterAndNormalizeGradient(geometry), y, r, g)[0] : null;
        if (cotangents[1] is not Tensor s)
        {
            return [throughY];
        }
        Tensor factor = tape.Multiply(s, tape.Multiply(r, tape.WhereNormVaries(r, geometry)));
        Tensor throughR = tape.Scale(tape.Multiply(y, factor, AxisGeometry.Trailing(y.Shape, 1)), -1);
        return [throughY is null ? throughR : tape.Add(throughY, throughR)];
    }
}

/// <summary>
/// (y, r, g) → x̄ = r(g − mean g − κ·y·⟨g, y⟩), linear in g and its own adjoint. With cotangent h, that of g is x̄(y, r, h), that of y is
/// −κ·r(⟨g, y⟩h + ⟨h, y⟩g), and that of r is ⟨h, x̄(y, r, g)⟩/r = ⟨g, x̄(y, r, h)⟩/r.
/// </summary>
public sealed class CenterAndNormalizeGradient(NormalizeGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor x = tape.Allocate(inputs[2].Shape);
        tape.Device.CenterAndNormalizeGradient(inputs[0].Buffer, inputs[1].Buffer, inputs[2].Buffer, geometry, x.Buffer);
        return [x];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        (Tensor y, Tensor r, Tensor g, Tensor h) = (node.Inputs[0], node.Inputs[1], node.Inputs[2], cotangents[0]!);
        AxisGeometry rows = AxisGeometry.Trailing(g.Shape, 1);
        Tensor gBar = tape.Apply(this, y, r, h)[0];
        return
        [
            needed[0] ? tape.Multiply(
                tape.Add(tape.Multiply(h, tape.InnerProducts(g, y), rows), tape.Multiply(g, tape.InnerProducts(h, y), rows)),
                tape.Scale(tape.WhereNormVaries(r, geometry), -1), rows) : null,
            needed[1] ? tape.Multiply(tape.InnerProducts(g, gBar), tape.Reciprocal(r)) : null,
            gBar,
        ];
    }
}

public static partial class Operations
{
    /// <summary>
    /// (x − mean x) / max(‖x − mean x‖₂, ε) for each sample. The default ε is the one of TensorFlow's l2_normalize.
    /// </summary>
    public static Tensor CenterAndNormalize(this Tape tape, Tensor x, double epsilon = 1e-6) =>
        tape.Apply(new CenterAndNormalize(new NormalizeGeometry(x.Shape[0], x.Length / x.Shape[0], epsilon)), x)[0];

    /// <summary>κ·r: r where it is below its bound 1/ε, 0 elsewhere.</summary>
    internal static Tensor WhereNormVaries(this Tape tape, Tensor r, NormalizeGeometry geometry) =>
        tape.Multiply(r, tape.Sign(tape.Offset(tape.Scale(r, -1), geometry.LargestReciprocal)));
}
