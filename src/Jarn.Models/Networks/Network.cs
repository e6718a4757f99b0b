using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>Parameters with a forward pass. The network owns its parameters' memory.</summary>
public abstract class Network : IDisposable
{
    /// <summary>What optimisers train, in a fixed order.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What is saved with the parameters without being trained: batch norm's running statistics.</summary>
    public virtual IReadOnlyList<Parameter> RunningStatistics => [];

    public IEnumerable<Parameter> State => Parameters.Concat(RunningStatistics);

    public long ParameterCount => Parameters.Sum(parameter => (long)parameter.Value.Length);

    /// <summary>Walks through the network from its input to its output.</summary>
    public abstract TValue Interpret<TValue>(INetworkInterpreter<TValue> interpreter, TValue x);

    /// <summary>Computes the output on a tape.</summary>
    public virtual Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics) => Interpret(new TapeInterpreter(tape, statistics), x);

    public void Dispose()
    {
        foreach (Parameter parameter in State)
        {
            parameter.Value.Dispose();
        }
        GC.SuppressFinalize(this);
    }
}
