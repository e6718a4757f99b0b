using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Training;

/// <summary>What a step's losses were; the adversarial one is null where the step had none.</summary>
public readonly record struct StepLosses(double Classification, double? Adversarial);

/// <summary>Where in the training a step stands: the Index-th of Total, counted from 0.</summary>
public readonly record struct StepPosition(int Index, int Total);

/// <summary>How a classifier learns from a batch. The loop, its data and its progress are <see cref="Trainer"/>'s.</summary>
public abstract class TrainingMethod : IDisposable
{
    private readonly Optimiser _optimiser;
    private readonly CapturedFunction _classification;
    private readonly RandomStream _noise;
    private Tensor? _noisy;

    protected TrainingMethod(TrainingConfiguration configuration, IDevice device, Network classifier)
    {
        (Configuration, Device, Classifier) = (configuration, device, classifier);
        _optimiser = CreateOptimiser(classifier);
        _classification = new CapturedFunction(device, Classification);
        _noise = new RandomStream(configuration.Seed, RandomStream.TrainingNoise);
    }

    public static IReadOnlyList<string> Names { get; } = ["standard", "uniform-noise", "jarn"];

    protected TrainingConfiguration Configuration { get; }

    protected Recipe Recipe => Configuration.Recipe;

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
        _noisy?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>clip(x + U[−ε, ε], 0, 1), with noise of the step's own; the next call overwrites it.</summary>
    protected Tensor WithNoise(Batch batch, StepPosition position)
    {
        if (_noisy?.Shape != batch.Images.Shape)
        {
            _noisy?.Dispose();
            _noisy = new Tensor(Device, batch.Images.Shape);
        }
        UniformNoise.AddTo(Device, batch.Images, Recipe.Epsilon, _noise.At((uint)position.Index), _noisy);
        return _noisy;
    }

    /// <summary>One step on the mean cross-entropy of x.</summary>
    protected StepLosses? ClassificationStep(Tensor x, Tensor labels, StepPosition position, bool readLosses)
    {
        ReadOnlySpan<Tensor> outputs = _classification.Run(x, labels);
        UpdateClassifier(outputs[1..], position);
        StepLosses? losses = readLosses ? new StepLosses(outputs[0].ToScalar(), null) : null;
        _classification.Release();
        return losses;
    }

    /// <param name="gradients">One per parameter of the classifier.</param>
    /// <param name="position">Decides the learning rate.</param>
    /// <param name="factor">On that rate.</param>
    protected void UpdateClassifier(ReadOnlySpan<Tensor> gradients, StepPosition position, double factor = 1) =>
        _optimiser.Step(gradients, Recipe.LearningRate * Recipe.LearningRateFactor(position) * factor);

    protected Optimiser CreateOptimiser(Network network) => Recipe.Optimiser switch
    {
        OptimiserKind.Adam => new Adam(Device, network.Parameters, Recipe.WeightDecay),
        OptimiserKind.Sgd => new SgdMomentum(Device, network.Parameters, weightDecay: Recipe.WeightDecay),
        _ => throw new InvalidOperationException($"no optimiser is called {Recipe.Optimiser}"),
    };

    protected static Tensor[] Values(Network network) => [.. network.Parameters.Select(parameter => parameter.Value)];

    /// <summary>(x, y) → the mean cross-entropy and its gradients in the classifier's parameters.</summary>
    private Tensor[] Classification(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        Tensor loss = tape.Mean(tape.CrossEntropy(Classifier.Forward(tape, inputs[0], BatchStatistics.Train), inputs[1]));
        return [loss, .. tape.Gradient(loss, Values(Classifier), differentiable: false)];
    }
}
