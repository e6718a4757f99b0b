using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="FreeTraining"/>.</summary>
public sealed record FreeSettings : MethodSettings
{
    /// <summary>m: steps on the same batch.</summary>
    [Setting("free-replays", "M", "Train M times on each batch.", Minimum = 1)]
    public int FreeReplays { get; init; } = 8;

    public override int Replays => FreeReplays;
}

/// <summary>
/// Free-AT (Shafahi et al. 2019): cross-entropy on clip(x + δ, 0, 1), whose one sweep back gives the gradients of the weights and of δ alike; δ takes
/// a step of ε along its sign, stays in the ε-ball, and goes on to the next step. Each batch is trained on m times (<see cref="BatchLoader"/>).
/// </summary>
public sealed class FreeTraining : TrainingMethod
{
    private readonly Parameter _perturbation;
    private readonly CapturedFunction<ClassifierStep> _replay;

    public FreeTraining(MethodContext context) : base(context)
    {
        ImageShape image = context.Image;
        Tensor perturbation = new(Device, new Shape(Recipe.BatchSize, image.Height, image.Width, image.Channels));
        Device.Fill(0, perturbation.Buffer);
        _perturbation = new Parameter("perturbation", perturbation, Decays: false);
        _replay = new CapturedFunction<ClassifierStep>(Device, Replay, changes: _ => [perturbation, .. RunningStatistics(Classifier)]);
    }

    public static MethodDefinition<FreeSettings> Definition { get; } = new()
    {
        Name = "free-at",
        Title = "Free-AT",
        Summary = "cross-entropy on perturbations that share the gradients of the weights",
        Make = (_, context) => new FreeTraining(context),
    };

    public override bool FollowsOneStepAttack(StepPosition position) => true;

    public override IReadOnlyList<Learner> Learners => [base.Learners[0] with { Beside = [_perturbation] }];

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(_replay, position, readLosses, batch.Images, batch.Labels);

    public override void Dispose()
    {
        _perturbation.Value.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// (x, y) → the mean cross-entropy of clip(x + δ, 0, 1) and its gradients in the parameters, and in place δ ← clip(δ + ε·sign ∇, −ε, ε). A
    /// batch that is not full has the first rows of δ.
    /// </summary>
    private ClassifierStep Replay(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        (Tensor x, Tensor labels, Tensor all) = (inputs[0], inputs[1], _perturbation.Value);
        WindowGeometry rows = new(1, all.Shape[0], all.Length / all.Shape[0], 0, x.Shape[0]);
        Tensor perturbation = tape.Allocate(x.Shape);
        tape.Device.Slice(all.Buffer, rows, perturbation.Buffer);
        tape.Keep(perturbation);
        Tensor loss = tape.Mean(
            tape.CrossEntropy(Classifier.Forward(tape, tape.Clamp(tape.Add(x, perturbation), 0, 1), BatchStatistics.Train), labels));
        tape.Keep(loss);
        Tensor[] gradients = tape.Gradient(loss, [.. Values(Classifier), perturbation], differentiable: false);
        Tensor moved = tape.Add(perturbation, tape.Scale(tape.Sign(gradients[^1]), Recipe.Epsilon));
        tape.Device.Place(tape.Clamp(moved, -Recipe.Epsilon, Recipe.Epsilon).Buffer, rows, all.Buffer);
        return new ClassifierStep(loss, gradients[..^1]);
    }
}
