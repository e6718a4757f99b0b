namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of <see cref="UniformNoiseTraining"/>.</summary>
public sealed record UniformNoiseSettings : MethodSettings;

/// <summary>Cross-entropy on clip(x + U[−ε, ε], 0, 1).</summary>
public sealed class UniformNoiseTraining(MethodContext context) : TrainingMethod(context)
{
    public static MethodDefinition<UniformNoiseSettings> Definition { get; } = new()
    {
        Name = "uniform-noise",
        Title = "Uniform Noise",
        Summary = "cross-entropy on images with uniform noise",
        IsOfPaper = true,
        Make = (_, context) => new UniformNoiseTraining(context),
    };

    public override StepLosses? Step(Batch batch, StepPosition position, bool readLosses) =>
        ClassificationStep(position, readLosses, WithNoise(batch, position), batch.Labels);
}
