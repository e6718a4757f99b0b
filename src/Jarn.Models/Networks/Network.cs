using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>A neural network: parameters and a forward pass. It owns the memory of its parameters.</summary>
public abstract class Network : IDisposable
{
    /// <summary>The trainable parameters, in a fixed order.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The running statistics of batch norm. They are saved with the parameters, but not trained.</summary>
    public virtual IReadOnlyList<Parameter> RunningStatistics => [];

    /// <summary>Everything that is saved: parameters and running statistics.</summary>
    public IEnumerable<Parameter> State => Parameters.Concat(RunningStatistics);

    /// <summary>The number of trainable numbers.</summary>
    public long ParameterCount => Parameters.Sum(parameter => (long)parameter.Value.Length);

    /// <summary>Computes the outputs: N samples → N rows. A classifier's outputs are its logits.</summary>
    /// <param name="tape">The tape to compute on.</param>
    /// <param name="x">N×H×W×C.</param>
    /// <param name="statistics">The statistics that batch norm uses; <see cref="BatchStatistics.Train"/> updates the running statistics.</param>
    public abstract Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics);

    /// <summary>Predicts the class of each of N samples: the one with the largest logit. Batch norm uses its running statistics.</summary>
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
