namespace Jarn.Autodiff;

/// <summary>Which values an operation's backward rule reads; the tape gives the others back as early as it can.</summary>
[Flags]
public enum Saved
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Those of its inputs.</summary>
    Inputs = 1,

    /// <summary>Those of its outputs.</summary>
    Outputs = 2,
}

/// <summary>
/// A differentiable operation, declared once: its values by calls to the device, its derivative by other operations. Since those have
/// derivatives themselves, derivatives of every order follow. An op holds its attributes (a geometry, a slope) and no values.
/// </summary>
public abstract class Op
{
    /// <summary>Whose values <see cref="Backward"/> reads.</summary>
    public abstract Saved Saves { get; }

    /// <summary>Allocates the outputs with <see cref="Tape.Allocate"/> and computes them.</summary>
    public abstract Tensor[] Forward(Tape tape, Tensor[] inputs);

    /// <summary>The vector-Jacobian product: one cotangent per input, from one per output.</summary>
    /// <param name="tape">Where the rule's own operations are applied, and recorded while the gradient is to be differentiable.</param>
    /// <param name="node">The recorded application: its inputs and outputs, values only of what <see cref="Saves"/> names.</param>
    /// <param name="cotangents">One per output; null stands for zero.</param>
    /// <param name="needed">Which inputs' cotangents are asked for; the others may be null.</param>
    /// <returns>One per input; null stands for zero.</returns>
    public abstract Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed);
}

/// <summary>One recorded application of an operation.</summary>
public sealed class Node(int index, Op op, Tensor[] inputs, Tensor[] outputs)
{
    /// <summary>Position on the tape: a node's inputs come from smaller ones, so recording order is topological order.</summary>
    public int Index { get; } = index;

    /// <summary>What was applied.</summary>
    public Op Op { get; } = op;

    /// <summary>What it was applied to.</summary>
    public IReadOnlyList<Tensor> Inputs { get; } = inputs;

    /// <summary>What it gave.</summary>
    public IReadOnlyList<Tensor> Outputs { get; } = outputs;

    internal IEnumerable<Storage> SavedStorages() =>
        (Op.Saves.HasFlag(Saved.Inputs) ? Inputs : []).Concat(Op.Saves.HasFlag(Saved.Outputs) ? Outputs : []).Select(tensor => tensor.Storage);
}
