using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>The noise that JARN trains on, and that PGD starts from.</summary>
public static class UniformNoise
{
    /// <summary>noisy ← clip(x + U[−ε, ε], 0, 1)</summary>
    public static void AddTo(IDevice device, Tensor x, double epsilon, RandomKey key, Tensor noisy)
    {
        device.RandomUniform(key, -epsilon, epsilon, noisy.Buffer);
        device.Zip(new Add(), noisy.Buffer, x.Buffer, AxisGeometry.Elementwise(x.Length), noisy.Buffer);
        device.Map(new Clamp(0, 1), noisy.Buffer, noisy.Buffer);
    }
}
