using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct SgdMomentumArguments(
    float LearningRate, float Momentum, float WeightDecay, ArrayView<Float4> Gradient, ArrayView<Float4> Parameter, ArrayView<Float4> Velocity)
    : IKernelArguments;

/// <summary>Gain1 = 1 − β₁ and Gain2 = 1 − β₂, formed in double.</summary>
internal readonly record struct AdamArguments(
    float LearningRate, float WeightDecay, float Beta1, float Gain1, float Beta2, float Gain2, float Epsilon,
    ArrayView<Float4> Gradient, ArrayView<Float4> Parameter, ArrayView<Float4> FirstMoment, ArrayView<Float4> SecondMoment) : IKernelArguments;

internal readonly record struct PgdArguments(
    float Step, float Epsilon, ArrayView<Float4> X, ArrayView<Float4> Gradient, ArrayView<Float4> Origin, ArrayView<Float4> Y) : IKernelArguments;

internal static class UpdateKernels
{
    public static void SgdMomentum(SgdMomentumArguments p)
    {
        for (long i = GridStride.First; i < p.Parameter.Length; i += GridStride.Step)
        {
            Float4 parameter = p.Parameter[i];
            Float4 velocity = (p.Momentum * p.Velocity[i]) + p.Gradient[i] + (p.WeightDecay * parameter);
            p.Velocity[i] = velocity;
            p.Parameter[i] = parameter - (p.LearningRate * velocity);
        }
    }

    public static void Adam(AdamArguments p)
    {
        for (long i = GridStride.First; i < p.Parameter.Length; i += GridStride.Step)
        {
            Float4 parameter = p.Parameter[i];
            Float4 g = p.Gradient[i] + (p.WeightDecay * parameter);
            Float4 m = (p.Beta1 * p.FirstMoment[i]) + (p.Gain1 * g);
            Float4 v = (p.Beta2 * p.SecondMoment[i]) + (p.Gain2 * g * g);
            p.FirstMoment[i] = m;
            p.SecondMoment[i] = v;
            p.Parameter[i] = parameter - (p.LearningRate * m / (Float4.Map(default(SquareRoot), v) + Float4.Of(p.Epsilon)));
        }
    }

    public static void Pgd(PgdArguments p)
    {
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            Float4 origin = p.Origin[i], radius = Float4.Of(p.Epsilon);
            Float4 moved = p.X[i] + (p.Step * Float4.Map(default(Sign), p.Gradient[i]));
            p.Y[i] = Clip(Clip(moved, origin - radius, origin + radius), default, Float4.Of(1f));
        }
    }

    private static Float4 Clip(Float4 x, Float4 low, Float4 high) => new()
    {
        X = Clip(x.X, low.X, high.X),
        Y = Clip(x.Y, low.Y, high.Y),
        Z = Clip(x.Z, low.Z, high.Z),
        W = Clip(x.W, low.W, high.W),
    };

    private static float Clip(float x, float low, float high) => x < low ? low : x > high ? high : x;
}
