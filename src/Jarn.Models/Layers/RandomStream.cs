using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>The random numbers for one purpose in a run. No two purposes share random numbers.</summary>
/// <param name="Purpose">One of the constants of this struct.</param>
public readonly record struct RandomStream(ulong Seed, uint Purpose)
{
    /// <summary>A network's first weights.</summary>
    public const uint Initialization = 1;

    /// <summary>Noise that is trained on.</summary>
    public const uint TrainingNoise = 2;

    /// <summary>The order of an epoch's images.</summary>
    public const uint Shuffling = 3;

    /// <summary>Random starts of attacks that measure.</summary>
    public const uint AttackStart = 4;

    /// <summary>Crops and mirror images.</summary>
    public const uint Augmentation = 5;

    /// <summary>Random starts of attacks that are trained on.</summary>
    public const uint TrainingAttack = 6;

    /// <summary>The random direction of a loss surface.</summary>
    public const uint SurfaceDirection = 7;

    /// <summary>Random starts of APGD on the cross-entropy; the index is an image's.</summary>
    public const uint AutoPgd = 8;

    /// <summary>Random starts of targeted APGD; the index is an image's.</summary>
    public const uint TargetedAutoPgd = 9;

    /// <summary>Random starts of FAB; the index is an image's.</summary>
    public const uint FastAdaptiveBoundary = 10;

    /// <summary>The squares of the Square attack; the index is an image's.</summary>
    public const uint Square = 11;

    /// <summary>Random starts of APGD on the difference of logits ratio; the index is an image's.</summary>
    public const uint RatioAutoPgd = 12;

    /// <summary>Directions of Jacobian regularization.</summary>
    public const uint JacobianProjection = 13;

    /// <summary>The key of the index-th use (a step, a batch, a parameter, an image).</summary>
    public RandomKey At(uint index) => new(Seed, ((ulong)Purpose << 32) | index);
}
