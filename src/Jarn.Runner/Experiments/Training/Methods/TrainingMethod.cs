using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>The losses of a step; the adversarial one is null if the step had none.</summary>
public readonly record struct StepLosses(double Classification, double? Adversarial);

/// <summary>The position of a step in the training: step Index, counted from 0, of Total.</summary>
public readonly record struct StepPosition(int Index, int Total);

/// <summary>A training method: how a classifier learns from a batch. <see cref="Trainer"/> has the loop.</summary>
public abstract class TrainingMethod : IDisposable
{
    /// <summary>
    /// Gradient evaluations of a step that differentiates through an input gradient: that gradient, and two more for the sweep back through
    /// its forward and its backward pass, which takes a forward and a backward pass for each.
    /// </summary>
    protected const int DifferentiatedGradient = 3;

    private readonly Learner _learner;
    private readonly CapturedFunction<ClassifierStep> _classification;
    private readonly RandomStream _noise, _attackStarts;
    private readonly ThreatModel _threat;
    private Tensor? _perturbed;

    protected TrainingMethod(MethodContext context)
    {
        (Recipe, Device, Classifier) = (context.Recipe, context.Device, context.Classifier);
        _learner = new Learner(Learner.Classifier, Classifier, CreateOptimiser(Classifier));
        _classification = new CapturedFunction<ClassifierStep>(Device, Classification, _ => RunningStatistics(Classifier));
        _noise = new RandomStream(context.Seed, RandomStream.TrainingNoise);
        _attackStarts = new RandomStream(context.Seed, RandomStream.TrainingAttack);
        _threat = Recipe.ThreatModel;
    }

    /// <summary>
    /// All that a step leaves to the next: what else a method holds is written anew in each step, and random numbers depend on seed and step alone.
    /// </summary>
    public virtual IReadOnlyList<Learner> Learners => [_learner];

    /// <summary>
    /// Whether what it trains on at a step is what a single step of an attack of the recipe's ε finds: what <see cref="CatastrophicOverfitting"/>
    /// comes of.
    /// </summary>
    public virtual bool FollowsOneStepAttack(StepPosition position) => false;

    protected Recipe Recipe { get; }

    protected IDevice Device { get; }

    protected Network Classifier { get; }

    /// <summary>
    /// What a step costs in forward-backward passes through the classifier per image: one for the gradient in the weights, one for each
    /// iteration of an attack, and <see cref="DifferentiatedGradient"/> where the gradient in the weights is of a function of the input gradient.
    /// The discriminator and the adaptor, which are small beside the classifier, do not count.
    /// </summary>
    public virtual int GradientEvaluations(StepPosition position) => 1;

    /// <summary>The learning rate of the classifier at a step.</summary>
    public virtual double LearningRate(StepPosition position) => Recipe.LearningRate * Recipe.LearningRateFactor(position);

    /// <summary>Makes one update. Reading the losses waits for the device, so they are read only now and then.</summary>
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
        Tensor noisy = Like(batch.Images);
        _threat.Start(Device, batch.Images, _noise.At((uint)position.Index), noisy);
        return noisy;
    }

    /// <summary>Attacks the images with the current weights. The next call overwrites the result.</summary>
    /// <param name="images">N×H×W×C pixels in [0, 1].</param>
    /// <param name="labels">N×k, one-hot.</param>
    /// <param name="position">Determines the attack's random numbers.</param>
    /// <param name="statistics">
    /// Those of the batch, as Madry et al. and the authors attack in training; the running ones follow the images trained on alone.
    /// </param>
    protected Tensor Attacked(
        GradientAttack attack, Tensor images, Tensor labels, StepPosition position, BatchStatistics statistics = BatchStatistics.Batch)
    {
        Tensor perturbed = Like(images);
        attack.Run(Classifier, images, labels, _attackStarts.At((uint)position.Index), perturbed, statistics);
        return perturbed;
    }

    /// <summary>Makes one step on the <see cref="Losses"/> of its inputs: images, labels, and what else a method needs.</summary>
    protected StepLosses? ClassificationStep(StepPosition position, bool readLosses, params ReadOnlySpan<Tensor> inputs) =>
        ClassificationStep(_classification, position, readLosses, inputs);

    /// <param name="objective">Computes the loss and the gradients from <paramref name="inputs"/>.</param>
    /// <param name="position">Determines the learning rate.</param>
    /// <param name="readLosses">Whether to wait for the losses and return them.</param>
    protected StepLosses? ClassificationStep(
        CapturedFunction<ClassifierStep> objective, StepPosition position, bool readLosses, params ReadOnlySpan<Tensor> inputs)
    {
        ClassifierStep step = objective.Run(inputs);
        UpdateClassifier(step.Gradients, position);
        StepLosses? losses = readLosses ? new StepLosses(step.Loss.ToScalar(), null) : null;
        objective.Release();
        return losses;
    }

    /// <param name="gradients">One gradient per parameter of the classifier.</param>
    /// <param name="position">Decides the learning rate.</param>
    protected void UpdateClassifier(ReadOnlySpan<Tensor> gradients, StepPosition position) =>
        _learner.Optimiser.Step(gradients, LearningRate(position));

    protected Optimiser CreateOptimiser(Network network) => Recipe.Optimiser switch
    {
        OptimiserKind.Adam => new Adam(Device, network.Parameters, Recipe.WeightDecay),
        OptimiserKind.Sgd => new SgdMomentum(Device, network.Parameters, weightDecay: Recipe.WeightDecay),
        _ => throw new InvalidOperationException($"no optimiser is called {Recipe.Optimiser}"),
    };

    /// <summary>The tensors that a forward pass with <see cref="BatchStatistics.Train"/> changes.</summary>
    protected static IEnumerable<Tensor> RunningStatistics(Network network) => network.RunningStatistics.Select(parameter => parameter.Value);

    protected static Tensor[] Values(Network network) => [.. network.Parameters.Select(parameter => parameter.Value)];

    /// <summary>
    /// The mean cross-entropy of the first of the inputs with the second for its labels, and what is minimised: the same unless a method adds to it.
    /// </summary>
    protected virtual (Tensor Classification, Tensor Total) Losses(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        Tensor loss = tape.Mean(tape.CrossEntropy(Classifier.Forward(tape, inputs[0], BatchStatistics.Train), inputs[1]));
        return (loss, loss);
    }

    private ClassifierStep Classification(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        (Tensor classification, Tensor total) = Losses(tape, inputs);
        tape.Keep(classification);
        return new ClassifierStep(classification, tape.Gradient(total, Values(Classifier), differentiable: false));
    }

    private Tensor Like(Tensor images)
    {
        if (_perturbed?.Shape != images.Shape)
        {
            _perturbed?.Dispose();
            _perturbed = new Tensor(Device, images.Shape);
        }
        return _perturbed;
    }

    /// <summary>The outputs of a step that trains the classifier alone.</summary>
    /// <param name="Loss">The mean cross-entropy.</param>
    /// <param name="Gradients">The gradients of the objective with respect to the classifier's parameters.</param>
    protected sealed record ClassifierStep(Tensor Loss, Tensor[] Gradients) : ICapturedOutputs<ClassifierStep>
    {
        public ClassifierStep With(Func<Tensor, Tensor> replace) => new(replace(Loss), [.. Gradients.Select(replace)]);
    }
}
