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
    /// <summary>
    /// Gradient evaluations of a step that differentiates through an input gradient: that gradient, and two more for the sweep back through
    /// its forward and its backward pass, which takes a forward and a backward pass for each.
    /// </summary>
    protected const int DifferentiatedGradient = 3;

    private readonly Learner _learner;
    private readonly CapturedFunction _classification;
    private readonly RandomStream _noise, _attackStarts;
    private Tensor? _perturbed;

    protected TrainingMethod(TrainingConfiguration configuration, IDevice device, Network classifier)
    {
        (Configuration, Device, Classifier) = (configuration, device, classifier);
        _learner = new Learner("classifier", classifier, CreateOptimiser(classifier));
        _classification = new CapturedFunction(device, Classification);
        _noise = new RandomStream(configuration.Seed, RandomStream.TrainingNoise);
        _attackStarts = new RandomStream(configuration.Seed, RandomStream.TrainingAttack);
    }

    public static IReadOnlyList<string> Names { get; } = ["standard", "uniform-noise", "fgsm-at1", "double-backprop", "jarn", "pgd-at7", "jarn-at1"];

    /// <summary>
    /// The first steps of the parts of a training in which all steps cost alike, the discriminator's aside; a part may be empty.
    /// </summary>
    public static IReadOnlyList<int> PhaseStarts(TrainingConfiguration configuration, int totalSteps) =>
        configuration.Method is "jarn" or "jarn-at1" ? [0, configuration.Recipe.FirstJarnStep(totalSteps)] : [0];

    /// <summary>
    /// All that a step leaves to the next: what else a method holds is written anew in each step, and random numbers depend on seed and step alone.
    /// </summary>
    public virtual IReadOnlyList<Learner> Learners => [_learner];

    protected TrainingConfiguration Configuration { get; }

    protected Recipe Recipe => Configuration.Recipe;

    protected IDevice Device { get; }

    protected Network Classifier { get; }

    public static TrainingMethod Create(TrainingConfiguration configuration, IDevice device, Network classifier, ImageSet images) =>
        configuration.Method switch
        {
            "standard" => new StandardTraining(configuration, device, classifier),
            "uniform-noise" => new UniformNoiseTraining(configuration, device, classifier),
            "fgsm-at1" => new FgsmTraining(configuration, device, classifier),
            "double-backprop" => new DoubleBackpropTraining(configuration, device, classifier),
            "jarn" => new JarnTraining(configuration, device, classifier, images),
            "pgd-at7" => new PgdTraining(configuration, device, classifier),
            "jarn-at1" => new JarnFgsmTraining(configuration, device, classifier, images),
            _ => throw new ArgumentException($"no method is called {configuration.Method}"),
        };

    /// <summary>
    /// What a step costs in forward-backward passes through the classifier per image: one for the gradient in the weights, one for each
    /// iteration of an attack, and <see cref="DifferentiatedGradient"/> where the gradient in the weights is of a function of the input gradient.
    /// The discriminator and the adaptor, which are small beside the classifier, do not count.
    /// </summary>
    public virtual int GradientEvaluations(StepPosition position) => 1;

    /// <summary>Of the classifier, at a step.</summary>
    public virtual double LearningRate(StepPosition position) => Recipe.LearningRate * Recipe.LearningRateFactor(position);

    /// <summary>One update. Reading the losses waits for the device, so they are read now and then only.</summary>
    public abstract StepLosses? Step(Batch batch, StepPosition position, bool readLosses);

    public virtual void Dispose()
    {
        _learner.Optimiser.Dispose();
        _perturbed?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>clip(x + U[−ε, ε], 0, 1), with noise of the step's own; the next call overwrites it.</summary>
    protected Tensor WithNoise(Batch batch, StepPosition position)
    {
        Tensor noisy = LikeImagesOf(batch);
        UniformNoise.AddTo(Device, batch.Images, Recipe.Epsilon, _noise.At((uint)position.Index), noisy);
        return noisy;
    }

    /// <summary>What an attack on the current weights makes of the images; the next call overwrites it.</summary>
    protected Tensor Attacked(Attack attack, Batch batch, StepPosition position)
    {
        Tensor perturbed = LikeImagesOf(batch);
        // The batch's own statistics, as Madry et al. and the authors attack in training; the running ones follow the images trained on alone.
        attack.Run(Classifier, batch.Images, batch.Labels, _attackStarts.At((uint)position.Index), perturbed, BatchStatistics.Batch);
        return perturbed;
    }

    /// <summary>One step on the loss of x.</summary>
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
    protected void UpdateClassifier(ReadOnlySpan<Tensor> gradients, StepPosition position) => _learner.Optimiser.Step(gradients, LearningRate(position));

    protected Optimiser CreateOptimiser(Network network) => Recipe.Optimiser switch
    {
        OptimiserKind.Adam => new Adam(Device, network.Parameters, Recipe.WeightDecay),
        OptimiserKind.Sgd => new SgdMomentum(Device, network.Parameters, weightDecay: Recipe.WeightDecay),
        _ => throw new InvalidOperationException($"no optimiser is called {Recipe.Optimiser}"),
    };

    protected static Tensor[] Values(Network network) => [.. network.Parameters.Select(parameter => parameter.Value)];

    /// <summary>The mean cross-entropy of x, and what is minimised: the same unless a method adds to it.</summary>
    protected virtual (Tensor Classification, Tensor Total) Losses(Tape tape, Tensor x, Tensor labels)
    {
        Tensor loss = tape.Mean(tape.CrossEntropy(Classifier.Forward(tape, x, BatchStatistics.Train), labels));
        return (loss, loss);
    }

    /// <summary>(x, y) → the mean cross-entropy, and the gradients of what is minimised in the classifier's parameters.</summary>
    private Tensor[] Classification(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        (Tensor classification, Tensor total) = Losses(tape, inputs[0], inputs[1]);
        tape.Keep(classification);
        return [classification, .. tape.Gradient(total, Values(Classifier), differentiable: false)];
    }

    private Tensor LikeImagesOf(Batch batch)
    {
        if (_perturbed?.Shape != batch.Images.Shape)
        {
            _perturbed?.Dispose();
            _perturbed = new Tensor(Device, batch.Images.Shape);
        }
        return _perturbed;
    }
}
