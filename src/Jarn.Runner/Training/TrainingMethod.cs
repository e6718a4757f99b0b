using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Training;

/// <summary>What a step's losses were; the adversarial one is null where the step had none.</summary>
public sealed record StepLosses(double Classification, double? Adversarial);

/// <summary>Where in the training a step stands: the Index-th of Total, counted from 0.</summary>
public readonly record struct StepPosition(int Index, int Total);

/// <summary>How a classifier learns from a batch. The loop, its data and its progress are <see cref="Trainer"/>'s.</summary>
public abstract class TrainingMethod : IDisposable
{
    private readonly Optimiser _optimiser;
    private readonly RandomStream _noise;

    protected TrainingMethod(TrainingConfiguration configuration, IDevice device, Network classifier)
    {
        (Configuration, Device, Classifier) = (configuration, device, classifier);
        _optimiser = new Adam(device, classifier.Parameters, configuration.WeightDecay);
        _noise = new RandomStream(configuration.Seed, RandomStream.TrainingNoise);
    }

    public static IReadOnlyList<string> Names { get; } = ["standard", "uniform-noise", "jarn"];

    protected TrainingConfiguration Configuration { get; }

    protected IDevice Device { get; }

    protected Network Classifier { get; }

    public static TrainingMethod Create(TrainingConfiguration configuration, IDevice device, Network classifier, ImageSet images) =>
        configuration.Method switch
        {
            "standard" => new StandardTraining(configuration, device, classifier),
            "uniform-noise" => new UniformNoiseTraining(configuration, device, classifier),
            "jarn" => new JarnTraining(configuration, device, classifier, images),
            _ => throw new ArgumentException($"no method is called {configuration.Method}"),
        };

    /// <summary>One update. Reading the losses waits for the device, so they are read now and then only.</summary>
    public abstract StepLosses? Step(Batch batch, StepPosition position, bool readLosses);

    public virtual void Dispose()
    {
        _optimiser.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>clip(x + U[−ε, ε], 0, 1), with noise of the step's own.</summary>
    protected Tensor WithNoise(Batch batch, StepPosition position) =>
        UniformNoise.AddTo(Device, batch.Images, Configuration.Epsilon, _noise.At((uint)position.Index));

    /// <summary>One step on the mean cross-entropy of x.</summary>
    protected StepLosses? ClassificationStep(Tensor x, Tensor labels, bool readLosses)
    {
        using Tape tape = new(Device);
        Tensor loss = tape.Mean(tape.CrossEntropy(Classifier.Forward(tape, x, BatchStatistics.Train), labels));
        UpdateClassifier(tape.Gradient(loss, [.. Classifier.Parameters.Select(parameter => parameter.Value)], differentiable: false), 1);
        return readLosses ? new StepLosses(loss.ToScalar(), null) : null;
    }

    protected void UpdateClassifier(IReadOnlyList<Tensor> gradients, double learningRateFactor) =>
        _optimiser.Step(gradients, Configuration.LearningRate * learningRateFactor);
}
