using Jarn.Autodiff;
using Jarn.Models;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Tests.Extending;

/// <summary>Settings of <see cref="LabelSmoothingTraining"/>.</summary>
public sealed record LabelSmoothingSettings : MethodSettings
{
    [Setting("smoothing", "S", "Share of the label that goes to all classes.", Minimum = 0, Maximum = 1)]
    public double Smoothing { get; init; } = 0.1;
}

/// <summary>The training method of docs/extending.md: cross-entropy with (1 − s)·y + s/k for labels y of k classes (Szegedy et al. 2016).</summary>
public sealed class LabelSmoothingTraining(LabelSmoothingSettings settings, MethodContext context) : TrainingMethod(context)
{
    public static MethodDefinition<LabelSmoothingSettings> Definition { get; } = new()
    {
        Name = "label-smoothing",
        Title = "Label Smoothing",
        Summary = "cross-entropy with smoothed labels",
        Make = (settings, context) => new LabelSmoothingTraining(settings, context),
    };

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, batch.Images, batch.Labels);

    protected override (Tensor Classification, Tensor Total) Losses(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        Tensor smoothed = tape.Offset(tape.Scale(inputs[1], 1 - settings.Smoothing), settings.Smoothing / inputs[1].Shape[1]);
        Tensor loss = tape.Mean(tape.CrossEntropy(Classifier.Forward(tape, inputs[0], BatchStatistics.Train), smoothed));
        return (loss, loss);
    }
}
