namespace Jarn.Autodiff;

/// <summary>Which values an operation's backward rule reads. The tape frees the others as early as it can.</summary>
[Flags]
public enum Saved
{
    /// <summary>The rule reads no values.</summary>
    None = 0,

    /// <summary>The values of the operation's inputs.</summary>
    Inputs = 1,

    /// <summary>The values of the operation's outputs.</summary>
    Outputs = 2,
}

/// <summary>
/// A differentiable operation. It computes its values by calls to the device, and its derivative with other operations. Because those have
/// derivatives too, it has derivatives of every order. An op holds its attributes (a geometry, a slope) and no values.
/// </summary>
public abstract class Op
{
    /// <summary>The values that <see cref="Backward"/> reads.</summary>
    public abstract Saved Saves { get; }

    /// <summary>Allocates the outputs with <see cref="Tape.Allocate"/> and computes them.</summary>
    public abstract Tensor[] Forward(Tape tape, Tensor[] inputs);

    /// <summary>The vector-Jacobian product: one cotangent per input, from one per output.</summary>
    /// <param name="tape">Applies the rule's operations. It records them if the gradient is to be differentiable.</param>
    /// <param name="node">The recorded application. Only the inputs and outputs that <see cref="Saves"/> names have values.</param>
    /// <param name="cotangents">One per output; null stands for zero.</param>
    /// <param name="needed">One per input: whether its cotangent is needed. The others may be null.</param>
    /// <returns>One per input; null stands for zero.</returns>
    public abstract Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed);
}

/// <summary>One recorded application of an operation.</summary>
public sealed class Node(int index, Op op, Tensor[] inputs, Tensor[] outputs)
{
    /// <summary>Position on the tape. A node's inputs come from nodes with a smaller index, so recording order is topological order.</summary>
    public int Index { get; } = index;

    public Op Op { get; } = op;

    public IReadOnlyList<Tensor> Inputs { get; } = inputs;

    public IReadOnlyList<Tensor> Outputs { get; } = outputs;

    internal IEnumerable<Storage> SavedStorages() =>
        (Op.Saves.HasFlag(Saved.Inputs) ? Inputs : []).Concat(Op.Saves.HasFlag(Saved.Outputs) ? Outputs : []).Select(tensor => tensor.Storage);
}
