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

    public abstract Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics);

    public void Dispose()
    {
        foreach (Parameter parameter in State)
        {
            parameter.Value.Dispose();
        }
        GC.SuppressFinalize(this);
    }
}
