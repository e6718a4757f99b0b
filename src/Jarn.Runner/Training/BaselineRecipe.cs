namespace Jarn.Runner.Training;

/// <summary>Settings of the methods that JARN is held against, each as published unless said otherwise.</summary>
public sealed record BaselineRecipe
{
    /// <summary>β of TRADES; its authors' 6, and 1 for MNIST.</summary>
    public double TradesBeta { get; init; } = 6;

    /// <summary>Steps of TRADES' attack, of <see cref="Recipe.TrainingAttackStepSize"/>; 10, and 40 for MNIST.</summary>
    public int TradesIterations { get; init; } = 10;

    /// <summary>Fast-AT's step, in units of ε.</summary>
    public double FastStepFactor { get; init; } = 1.25;

    /// <summary>m of Free-AT: steps on the same batch.</summary>
    public int FreeReplays { get; init; } = 8;

    /// <summary>λ of Jacobian regularization.</summary>
    public double LambdaJacobian { get; init; } = 0.01;
}
