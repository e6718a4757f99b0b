using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Names the random numbers of one purpose of a run, so that no two purposes share any.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Purpose">A constant of this struct.</param>
public readonly record struct RandomStream(ulong Seed, uint Purpose)
{
    public const uint Initialization = 1, TrainingNoise = 2, Shuffling = 3, AttackStart = 4, Augmentation = 5, TrainingAttack = 6, SurfaceDirection = 7;

    /// <summary>The key of the index-th use (a step, a batch, a parameter).</summary>
    public RandomKey At(uint index) => new(Seed, ((ulong)Purpose << 32) | index);
}
