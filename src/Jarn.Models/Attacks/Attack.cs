using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>
/// Looks for an x′ with ‖x′ − x‖∞ ≤ ε and pixels in [0, 1] that the classifier gets wrong: from a start, steps along the sign of the
/// loss's gradient, each projected onto the ball and [0, 1].
/// </summary>
/// <param name="method">Start and steps: fgsm, pgd5, pgd40.</param>
/// <param name="epsilon">In units of the pixel range [0, 1].</param>
/// <param name="stepSize">In the same units.</param>
/// <param name="iterations">Steps.</param>
/// <param name="loss">What is ascended; null is the cross-entropy.</param>
public abstract class Attack(string method, double epsilon, double stepSize, int iterations, AttackLoss? loss)
{
    private readonly AttackLoss _loss = loss ?? AttackLoss.CrossEntropy;
    private (Network Classifier, BatchStatistics Statistics, IDevice Device, CapturedFunction<CapturedTensor> Ascend)? _captured;
    private double[] _magnitudes = [];

    /// <summary>What the command line, tables and results.json call it: fgsm, pgd5, pgd40-margin.</summary>
    public string Name => method + _loss.Suffix;

    /// <summary>In units of the pixel range [0, 1].</summary>
    public double Epsilon { get; } = epsilon;

    /// <summary>In the same units.</summary>
    public double StepSize { get; } = stepSize;

    /// <summary>Steps, and gradients, for each start.</summary>
    public int Iterations { get; } = iterations;

    /// <summary>Whether another key can lead to another x′.</summary>
    public abstract bool StartsAtRandom { get; }

    /// <param name="classifier">Under attack, with running statistics unless said otherwise.</param>
    /// <param name="x">N×H×W×C pixels in [0, 1].</param>
    /// <param name="labels">N×k, one-hot.</param>
    /// <param name="key">The attack's random numbers; no two batches share one.</param>
    /// <param name="perturbed">Receives x′, the last iterate.</param>
    /// <param name="statistics">Of the classifier's batch norm.</param>
    public void Run(
        Network classifier, Tensor x, Tensor labels, RandomKey key, Tensor perturbed, BatchStatistics statistics = BatchStatistics.Running) =>
        Iterate(classifier, x, labels, key, perturbed, statistics, countZeroGradients: false);

    /// <inheritdoc cref="Run"/>
    /// <summary>The same, waiting for the device.</summary>
    /// <returns>
    /// Samples whose input gradient was exactly zero at the attack's first step: there is nothing it could follow, and surviving it says nothing.
    /// </returns>
    public int RunCountingZeroGradients(
        Network classifier, Tensor x, Tensor labels, RandomKey key, Tensor perturbed, BatchStatistics statistics = BatchStatistics.Running) =>
        Iterate(classifier, x, labels, key, perturbed, statistics, countZeroGradients: true);

    private int Iterate(
        Network classifier, Tensor x, Tensor labels, RandomKey key, Tensor perturbed, BatchStatistics statistics, bool countZeroGradients)
    {
        IDevice device = x.Buffer.Device;
        if (_captured is not { } captured || (captured.Classifier, captured.Statistics, captured.Device) != (classifier, statistics, device))
        {
            CapturedFunction<CapturedTensor> ascend = new(device, Ascent(classifier, statistics), changes: inputs => [inputs[0]]);
            _captured = captured = (classifier, statistics, device, ascend);
        }
        Start(device, x, key, perturbed);
        int zeroGradients = 0;
        for (int i = 0; i < Iterations; i++)
        {
            Tensor magnitudes = captured.Ascend.Run(perturbed, x, labels).Value;
            zeroGradients = countZeroGradients && i == 0 ? Zeros(magnitudes) : zeroGradients;
        }
        captured.Ascend.Release();
        return zeroGradients;
    }

    /// <summary>Fills x′ with the first iterate.</summary>
    protected abstract void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed);

    /// <summary>(x′, x, y) → each sample's Σ|∇ℓ|, and in place x′ ← clip₀₁(clip(x′ + step·sign ∇ℓ(x′), x − ε, x + ε)).</summary>
    private Func<Tape, IReadOnlyList<Tensor>, CapturedTensor> Ascent(Network classifier, BatchStatistics statistics) => (tape, inputs) =>
    {
        (Tensor perturbed, Tensor x, Tensor labels) = (inputs[0], inputs[1], inputs[2]);
        Tensor loss = tape.Sum(_loss.PerSample(tape, classifier.Forward(tape, perturbed, statistics), labels));
        Tensor gradient = tape.Gradient(loss, [perturbed], differentiable: false)[0];
        Tensor magnitudes = tape.SumSamples(tape.Absolute(gradient));
        tape.Device.PgdStep(new PgdStep(StepSize, Epsilon), perturbed.Buffer, gradient.Buffer, x.Buffer, perturbed.Buffer);
        return new CapturedTensor(magnitudes);
    };

    private int Zeros(Tensor magnitudes)
    {
        if (_magnitudes.Length < magnitudes.Length)
        {
            _magnitudes = new double[magnitudes.Length];
        }
        Span<double> values = _magnitudes.AsSpan(0, magnitudes.Length);
        magnitudes.Buffer.Device.Download(magnitudes.Buffer, values);
        return values.Count(0);
    }
}
