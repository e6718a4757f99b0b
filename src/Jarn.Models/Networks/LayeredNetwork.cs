using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>A network that can be written as ONNX: one that can say its steps to any interpreter.</summary>
public interface IExportable
{
    /// <summary>Walks through the network from its input to its output.</summary>
    TValue Interpret<TValue>(INetworkInterpreter<TValue> interpreter, TValue x);
}

/// <summary>A network that is described by its layers, once: it is computed and exported by that description.</summary>
public abstract class LayeredNetwork : Network, IExportable
{
    /// <inheritdoc/>
    public abstract TValue Interpret<TValue>(INetworkInterpreter<TValue> interpreter, TValue x);

    /// <inheritdoc/>
    public override Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics) => Interpret(new TapeInterpreter(tape, statistics), x);
}
