using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Looks for an x′ with ‖x′ − x‖∞ ≤ ε and pixels in [0, 1] that the classifier gets wrong.</summary>
public abstract class Attack(string name, double epsilon)
{
    /// <summary>What tables and results.json call it: fgsm, pgd5, pgd40.</summary>
    public string Name { get; } = name;

    /// <summary>In units of the pixel range [0, 1].</summary>
    public double Epsilon { get; } = epsilon;

    /// <param name="classifier">Under attack, with running statistics unless said otherwise.</param>
    /// <param name="x">N×H×W×C pixels in [0, 1].</param>
    /// <param name="labels">N×k, one-hot.</param>
    /// <param name="key">The attack's random numbers; no two batches share one.</param>
    /// <param name="statistics">Of the classifier's batch norm.</param>
    public abstract AttackOutcome Run(
        Network classifier, Tensor x, Tensor labels, RandomKey key, BatchStatistics statistics = BatchStatistics.Running);

    /// <summary>
    /// One projected step in place: x′ ← clip₀₁(clip(x′ + step·sign ∇CE(x′), x − ε, x + ε)); magnitudes, where wanted, receives each
    /// sample's Σ|∇CE|.
    /// </summary>
    protected static void Ascend(
        Network classifier, Tensor perturbed, Tensor x, Tensor labels, PgdStep step, BatchStatistics statistics, double[]? magnitudes = null)
    {
        IDevice device = perturbed.Buffer.Device;
        using Tape tape = new(device);
        Tensor loss = tape.Sum(tape.CrossEntropy(classifier.Forward(tape, perturbed, statistics), labels));
        Tensor gradient = tape.Gradient(loss, [perturbed], differentiable: false)[0];
        if (magnitudes is not null)
        {
            device.Download(tape.SumSamples(tape.Absolute(gradient)).Buffer, magnitudes);
        }
        device.PgdStep(step, perturbed.Buffer, gradient.Buffer, x.Buffer, perturbed.Buffer);
    }
}

/// <param name="Perturbed">The last iterate; the caller disposes it.</param>
/// <param name="ZeroGradients">
/// Samples whose input gradient was exactly zero at the attack's first step: there is nothing it could follow, and surviving it says nothing.
/// </param>
public sealed record AttackOutcome(Tensor Perturbed, int ZeroGradients) : IDisposable
{
    public void Dispose() => Perturbed.Dispose();
}
