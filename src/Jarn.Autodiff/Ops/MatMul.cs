using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>C = op(A)·op(B); its derivatives are matrix products of the same kind.</summary>
public sealed class MatMul(MatMulGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor c = tape.Allocate(new Shape(geometry.Rows, geometry.Columns));
        tape.Device.MatMul(inputs[0].Buffer, inputs[1].Buffer, geometry, c.Buffer);
        return [c];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        (Tensor a, Tensor b, Tensor g) = (node.Inputs[0], node.Inputs[1], cotangents[0]!);
        (bool ta, bool tb) = (geometry.TransposeA, geometry.TransposeB);
        return
        [
            !needed[0] ? null : ta ? tape.MatMul(b, g, tb, true) : tape.MatMul(g, b, false, !tb),
            !needed[1] ? null : tb ? tape.MatMul(g, a, true, ta) : tape.MatMul(a, g, !ta, false),
        ];
    }
}

public static partial class Operations
{
    /// <summary>The product A·B of two matrices. Either can be transposed first.</summary>
    /// <exception cref="ArgumentException">The inner dimensions differ.</exception>
    public static Tensor MatMul(this Tape tape, Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        (int rows, int inner) = transposeA ? (a.Shape[1], a.Shape[0]) : (a.Shape[0], a.Shape[1]);
        (int innerB, int columns) = transposeB ? (b.Shape[1], b.Shape[0]) : (b.Shape[0], b.Shape[1]);
        return inner == innerB
            ? tape.Apply(new MatMul(new MatMulGeometry(rows, columns, inner, transposeA, transposeB)), a, b)[0]
            : throw new ArgumentException($"{a.Shape}{(transposeA ? "ᵀ" : "")} and {b.Shape}{(transposeB ? "ᵀ" : "")} can't be multiplied");
    }
}
