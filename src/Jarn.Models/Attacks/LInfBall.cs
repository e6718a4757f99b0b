using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>‖δ‖∞ ≤ ε: the direction of steepest ascent is the gradient's sign, and the projection clips each pixel.</summary>
internal sealed class LInfBall : NormBall
{
    public static LInfBall Instance { get; } = new();

    public override string Symbol => "L∞";

    public override double LargestRadius => 1;

    public override double Rounding => 1e-6;

    public override double Distance(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        double largest = 0;
        for (int i = 0; i < before.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)after[i] - before[i]));
        }
        return largest;
    }

    public override void Draw(IDevice device, double epsilon, RandomKey key, Tensor noise) =>
        device.RandomUniform(key, -epsilon, epsilon, noise.Buffer);

    public override void Step(IDevice device, double step, double epsilon, Tensor gradient, Tensor x, Tensor perturbed) =>
        device.PgdStep(new PgdStep(step, epsilon), perturbed.Buffer, gradient.Buffer, x.Buffer, perturbed.Buffer);
}
