using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct SgdMomentumArguments(
    float LearningRate, float Momentum, float WeightDecay, ArrayView<float> Gradient, ArrayView<float> Parameter, ArrayView<float> Velocity)
    : IKernelArguments;

/// <summary>Gain1 = 1 − β₁ and Gain2 = 1 − β₂, formed in double.</summary>
internal readonly record struct AdamArguments(
    float LearningRate, float WeightDecay, float Beta1, float Gain1, float Beta2, float Gain2, float Epsilon,
    ArrayView<float> Gradient, ArrayView<float> Parameter, ArrayView<float> FirstMoment, ArrayView<float> SecondMoment) : IKernelArguments;

internal readonly record struct PgdArguments(
    float Step, float Epsilon, ArrayView<float> X, ArrayView<float> Gradient, ArrayView<float> Origin, ArrayView<float> Y) : IKernelArguments;

internal static class UpdateKernels
{
    public static void SgdMomentum(SgdMomentumArguments p)
    {
        for (long i = GridStride.First; i < p.Parameter.Length; i += GridStride.Step)
        {
            float velocity = (p.Momentum * p.Velocity[i]) + p.Gradient[i] + (p.WeightDecay * p.Parameter[i]);
            p.Velocity[i] = velocity;
            p.Parameter[i] -= p.LearningRate * velocity;
        }
    }

    public static void Adam(AdamArguments p)
    {
        for (long i = GridStride.First; i < p.Parameter.Length; i += GridStride.Step)
        {
            float g = p.Gradient[i] + (p.WeightDecay * p.Parameter[i]);
            float m = (p.Beta1 * p.FirstMoment[i]) + (p.Gain1 * g);
            float v = (p.Beta2 * p.SecondMoment[i]) + (p.Gain2 * g * g);
            p.FirstMoment[i] = m;
            p.SecondMoment[i] = v;
            p.Parameter[i] -= p.LearningRate * m / (MathF.Sqrt(v) + p.Epsilon);
        }
    }

    public static void Pgd(PgdArguments p)
    {
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            float gradient = p.Gradient[i], origin = p.Origin[i];
            float moved = p.X[i] + (gradient > 0f ? p.Step : gradient < 0f ? -p.Step : 0f);
            float near = Clip(moved, origin - p.Epsilon, origin + p.Epsilon);
            p.Y[i] = Clip(near, 0f, 1f);
        }
    }

    private static float Clip(float x, float low, float high) => x < low ? low : x > high ? high : x;
}
