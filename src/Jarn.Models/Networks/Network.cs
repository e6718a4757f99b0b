using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>Parameters with a forward pass. The network owns its parameters' memory.</summary>
public abstract class Network : IDisposable
{
    /// <summary>What optimisers train, in a fixed order.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What is saved with the parameters without being trained: batch norm's running statistics.</summary>
    public virtual IReadOnlyList<Parameter> RunningStatistics => [];

    /// <summary>All that a saved network holds.</summary>
    public IEnumerable<Parameter> State => Parameters.Concat(RunningStatistics);

    /// <summary>Numbers that are trained.</summary>
    public long ParameterCount => Parameters.Sum(parameter => (long)parameter.Value.Length);

    /// <summary>Walks through the network from its input to its output.</summary>
    public abstract TValue Interpret<TValue>(INetworkInterpreter<TValue> interpreter, TValue x);

    /// <summary>N samples → N rows of outputs; a classifier's are its logits.</summary>
    /// <param name="tape">Where the steps are applied.</param>
    /// <param name="x">N×H×W×C.</param>
    /// <param name="statistics">Of batch norm; <see cref="BatchStatistics.Train"/> moves the running ones.</param>
    public virtual Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics) => Interpret(new TapeInterpreter(tape, statistics), x);

    /// <summary>The class of the largest logit of each of N samples, with running statistics.</summary>
    /// <param name="x">N samples as <see cref="Forward"/> takes them.</param>
    public int[] Classify(Tensor x)
    {
        using Tape tape = new(x.Buffer.Device, recording: false);
        Tensor logits = Forward(tape, x, BatchStatistics.Running);
        return [.. logits.ToArray().Chunk(logits.Shape[1]).Select(row => row.AsSpan().IndexOf(row.Max()))];
    }

    public void Dispose()
    {
        foreach (Parameter parameter in State)
        {
            parameter.Value.Dispose();
        }
        GC.SuppressFinalize(this);
    }
}
