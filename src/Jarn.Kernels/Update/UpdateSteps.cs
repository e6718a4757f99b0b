namespace Jarn.Kernels;

/// <summary>SGD with momentum; the decay is the λ of λ/2·‖parameter‖².</summary>
public readonly record struct SgdMomentumStep(double LearningRate, double Momentum, double WeightDecay);

/// <summary>Adam; Iteration counts from 1 and corrects the bias of the moments.</summary>
public readonly record struct AdamStep(
    double LearningRate, int Iteration, double WeightDecay = 0, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    /// <summary>rate·√(1−β₂ᵗ)/(1−β₁ᵗ): with √(1−β₂ᵗ)·ε as the guard this is the paper's bias-corrected step.</summary>
    public double CorrectedLearningRate => LearningRate * Math.Sqrt(SecondCorrection) / (1 - Math.Pow(Beta1, Iteration));

    /// <summary>√(1−β₂ᵗ)·ε, the guard of <see cref="CorrectedLearningRate"/>.</summary>
    public double CorrectedEpsilon => Epsilon * Math.Sqrt(SecondCorrection);

    private double SecondCorrection => 1 - Math.Pow(Beta2, Iteration);
}

/// <summary>A projected step in the ∞-norm; Step may be negative (descent). Both in units of the pixel range [0, 1].</summary>
public readonly record struct PgdStep(double Step, double Epsilon);
