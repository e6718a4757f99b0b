using Jarn.Autodiff;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>A network and what trains it.</summary>
/// <param name="Name">No two of a training have one name.</param>
/// <param name="Network">Parameters and running statistics.</param>
/// <param name="Optimiser">Updates the network's parameters.</param>
public sealed record Learner(string Name, Network Network, Optimiser Optimiser)
{
    /// <summary>The name of what is trained and saved; the others only help.</summary>
    public const string Classifier = "classifier";

    /// <summary>What a method passes from step to step in addition to the network; empty for most methods.</summary>
    public IReadOnlyList<Parameter> Beside { get; init; } = [];

    /// <summary>Every tensor that the next update depends on, and the number of updates beside them: see <see cref="Optimiser.Iteration"/>.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        Network.State.Concat(Optimiser.Memory).Concat(Beside).Select(parameter => ($"{Name}.{parameter.Name}", parameter.Value));
}
