using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>
/// From a start, steps of a fixed size up the gradient of a loss, each projected onto the threat model; the last iterate counts. The images of a run
/// are one batch: of a network the whole ascent stays on its device, which must hold them.
/// </summary>
/// <param name="method">The name without the loss: fgsm, pgd5, pgd40.</param>
/// <param name="threat">How far the attack may change an image.</param>
/// <param name="stepSize">In units of the pixel range [0, 1].</param>
/// <param name="iterations">The number of steps k.</param>
/// <param name="loss">The loss to increase; null for the cross-entropy.</param>
/// <param name="seed">The seed of the random starts.</param>
/// <param name="restarts">The number of random starts, each of the whole batch. The attack ends early when no image is left.</param>
public abstract class GradientAttack(
    string method, ThreatModel threat, double stepSize, int iterations, AttackLoss? loss = null, ulong seed = 0, int restarts = 1)
    : Attack(threat, seed, restarts)
{
    private readonly AttackLoss _loss = loss ?? AttackLoss.CrossEntropy;
    private (Network Classifier, BatchStatistics Statistics, IDevice Device, CapturedFunction<CapturedTensor> Ascend)? _captured;

    public override string Name => method + _loss.Suffix;

    /// <summary>In units of the pixel range [0, 1].</summary>
    public double StepSize { get; } = stepSize;

    /// <summary>Steps, and gradients, for each start.</summary>
    public int Iterations { get; } = iterations;

    /// <summary>It judges x′ in a pass of its own, beside the images of its batch: batch statistics would answer otherwise beside others.</summary>
    protected override bool NeedsConfirmation => false;

    private int Starts => StartsAtRandom ? Restarts : 1;

    public override PassCount MostPasses(int classes) => new((long)Starts * (Iterations + 1), (long)Starts * Iterations);

    /// <summary>One start on a network, without waiting for its device: for training.</summary>
    /// <param name="classifier">The classifier to attack.</param>
    /// <param name="x">N×H×W×C pixels in [0, 1].</param>
    /// <param name="labels">N×k, one-hot.</param>
    /// <param name="key">The start's random numbers; no two batches share one.</param>
    /// <param name="perturbed">Receives x′, the last iterate.</param>
    /// <param name="statistics">Of the classifier's batch norm.</param>
    public void Run(
        Network classifier, Tensor x, Tensor labels, RandomKey key, Tensor perturbed, BatchStatistics statistics = BatchStatistics.Running) =>
        Ascend(classifier, x, labels, key, perturbed, statistics, firstMagnitudes: []);

    protected override AttackOutcome Search(IClassifier classifier, AttackedImages images)
    {
        IClassifier source = (classifier as TransferClassifier)?.Source ?? classifier;
        AttackedNetwork? network = source as AttackedNetwork;
        using CpuDevice? host = network is null ? new CpuDevice(threads: 1) : null;
        IDevice device = network?.Device ?? host!;
        using Tensor x = Tensor.From(device, new Shape(images.Count, classifier.Height, classifier.Width, classifier.Channels), images.Pixels);
        using Tensor labels = Labels(device, source, images), perturbed = new(device, x.Shape);
        AttackOutcome outcome = AttackOutcome.None(images);
        int zeroGradients = 0;
        for (int start = 0; start < Starts && outcome.Found.Contains(false); start++)
        {
            RandomKey key = new RandomStream(Seed, RandomStream.AttackStart).At(checked((uint)((start * images.Batch.Count) + images.Batch.Number)));
            double[] magnitudes = new double[Iterations == 0 ? 0 : images.Count];
            if (network is not null)
            {
                Ascend(network.Network, x, labels, key, perturbed, network.Statistics, magnitudes);
                network.Passes += new PassCount((long)Iterations * images.Count, (long)Iterations * images.Count);
            }
            else
            {
                Ascend(source, x, labels, key, perturbed, magnitudes);
            }
            zeroGradients = start == 0 ? magnitudes.AsSpan().Count(0) : zeroGradients;
            outcome.Judge(classifier, images, perturbed.ToArray());
        }
        return outcome with { ZeroGradients = zeroGradients };
    }

    /// <summary>Fills x′ with the first iterate.</summary>
    protected abstract void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed);

    /// <summary>N×k, what the loss compares the logits with; the caller disposes them.</summary>
    protected virtual Tensor Labels(IDevice device, IClassifier classifier, AttackedImages images) =>
        Tensor.OneHot(device, images.Labels, classifier.Classes);

    /// <summary>All steps on the network's device.</summary>
    /// <param name="firstMagnitudes">Receives Σ|∇ℓ| of each image at the first step, which waits for the device; empty for nothing.</param>
    private void Ascend(
        Network classifier, Tensor x, Tensor labels, RandomKey key, Tensor perturbed, BatchStatistics statistics, Span<double> firstMagnitudes)
    {
        IDevice device = x.Buffer.Device;
        if (_captured is not { } captured || (captured.Classifier, captured.Statistics, captured.Device) != (classifier, statistics, device))
        {
            CapturedFunction<CapturedTensor> ascend = new(device, Step(classifier, statistics), changes: inputs => [inputs[0]]);
            _captured = captured = (classifier, statistics, device, ascend);
        }
        Start(device, x, key, perturbed);
        for (int i = 0; i < Iterations; i++)
        {
            Tensor magnitudes = captured.Ascend.Run(perturbed, x, labels).Value;
            if (i == 0 && !firstMagnitudes.IsEmpty)
            {
                device.Download(magnitudes.Buffer, firstMagnitudes);
            }
        }
        captured.Ascend.Release();
    }

    /// <summary>(x′, x, y) → each sample's Σ|∇ℓ|, and in place x′ goes a step up ∇ℓ.</summary>
    private Func<Tape, IReadOnlyList<Tensor>, CapturedTensor> Step(Network classifier, BatchStatistics statistics) => (tape, inputs) =>
    {
        (Tensor perturbed, Tensor x, Tensor labels) = (inputs[0], inputs[1], inputs[2]);
        Tensor loss = tape.Sum(_loss.PerSample(tape, classifier.Forward(tape, perturbed, statistics), labels));
        Tensor gradient = tape.Gradient(loss, [perturbed], differentiable: false)[0];
        Tensor magnitudes = tape.SumSamples(tape.Absolute(gradient));
        Threat.Step(tape.Device, StepSize, gradient, x, perturbed);
        return new CapturedTensor(magnitudes);
    };

    /// <summary>The same of a classifier that is no network: its gradients come through host memory, where all else is computed.</summary>
    private void Ascend(IClassifier classifier, Tensor x, Tensor labels, RandomKey key, Tensor perturbed, Span<double> firstMagnitudes)
    {
        IDevice host = x.Buffer.Device;
        int count = x.Shape[0], pixels = x.Length / count;
        float[] points = new float[x.Length], gradients = new float[x.Length], logits = new float[labels.Length];
        double[] losses = new double[count];
        LogitLoss loss = _loss.Of(host, labels.ToArray(), classifier.Classes);
        using Tensor gradient = new(host, x.Shape);
        Start(host, x, key, perturbed);
        for (int i = 0; i < Iterations; i++)
        {
            host.Download(perturbed.Buffer, points);
            classifier.Gradients(points, loss, logits, losses, gradients);
            for (int row = 0; i == 0 && row < count; row++)
            {
                firstMagnitudes[row] = gradients.AsSpan(row * pixels, pixels).ContainsAnyExcept(0) ? 1 : 0;
            }
            host.Upload(gradients, gradient.Buffer);
            Threat.Step(host, StepSize, gradient, x, perturbed);
        }
    }
}
