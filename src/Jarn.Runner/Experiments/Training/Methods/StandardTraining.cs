namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="StandardTraining"/>.</summary>
public sealed record StandardSettings : MethodSettings;

/// <summary>Cross-entropy on the images as they are.</summary>
public sealed class StandardTraining(MethodContext context) : TrainingMethod(context)
{
    public static MethodDefinition<StandardSettings> Definition { get; } = new()
    {
        Name = "standard",
        Title = "Standard",
        Summary = "cross-entropy on the images as they are",
        IsOfPaper = true,
        Make = (_, context) => new StandardTraining(context),
    };

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, batch.Images, batch.Labels);
}
