using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>
/// An attack whose ε and step grow to their full size in ten levels, where the recipe has a ramp: on MNIST, ε = 0.3 from the first step on leaves a
/// network that answers one class whatever the image.
/// </summary>
/// <param name="ramp">The share of the steps that it takes up; 0 for none.</param>
/// <param name="attackOf">A share of the full size → the attack whose ε and step are as much smaller.</param>
public sealed class RampedAttack(double ramp, Func<double, GradientAttack> attackOf)
{
    private const int Levels = 10;

    private (double Size, GradientAttack Attack) _current = (1, attackOf(1));

    /// <summary>The number of the attack's steps, which doesn't depend on ε.</summary>
    public int Iterations => _current.Attack.Iterations;

    /// <summary>Whether it has its full size at a step.</summary>
    public bool IsFull(StepPosition position) => SizeAt(ramp, position) == 1;

    /// <summary>The attack of a step.</summary>
    public GradientAttack At(StepPosition position)
    {
        double size = SizeAt(ramp, position);
        if (_current.Size != size)
        {
            _current = (size, attackOf(size));
        }
        return _current.Attack;
    }

    /// <summary>The share of its full size that an attack has at a step: k/10 in the k-th tenth of the ramp.</summary>
    public static double SizeAt(double ramp, StepPosition position) => position.Index < ramp * position.Total
        ? Math.Min(Levels, 1 + (int)(Levels * position.Index / (ramp * position.Total))) / (double)Levels : 1;
}
