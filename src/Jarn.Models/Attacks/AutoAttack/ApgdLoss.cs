namespace Jarn.Models;

/// <summary>A loss that APGD can increase, with the name that the attack has with it.</summary>
public sealed class ApgdLoss
{
    private readonly Function _function;
    private readonly int _fewestClasses;

    private ApgdLoss(string attack, int fewestClasses, bool isTargeted, uint randomPurpose, Function function) =>
        (Attack, _fewestClasses, IsTargeted, RandomPurpose, _function) = (attack, fewestClasses, isTargeted, randomPurpose, function);

    private delegate double Function(ReadOnlySpan<float> logits, int label, int target, Span<float> cotangent);

    /// <summary>APGD-CE: the cross-entropy, <see cref="LogitLosses.CrossEntropy"/>.</summary>
    public static ApgdLoss CrossEntropy { get; } = new(
        "apgd-ce", 2, isTargeted: false, RandomStream.AutoPgd, (logits, label, _, cotangent) => LogitLosses.CrossEntropy(logits, label, cotangent));

    /// <summary>APGD-DLR: the difference of logits ratio, <see cref="LogitLosses.DifferenceRatio"/>.</summary>
    public static ApgdLoss DifferenceRatio { get; } = new(
        "apgd-dlr", 3, isTargeted: false, RandomStream.RatioAutoPgd,
        (logits, label, _, cotangent) => LogitLosses.DifferenceRatio(logits, label, cotangent));

    /// <summary><see cref="LogitLosses.TargetedDifferenceRatio"/>, towards one wrong class after another.</summary>
    public static ApgdLoss TargetedDifferenceRatio { get; } = new(
        "apgd-t", 4, isTargeted: true, RandomStream.TargetedAutoPgd, LogitLosses.TargetedDifferenceRatio);

    internal string Attack { get; }

    internal uint RandomPurpose { get; }

    internal bool IsTargeted { get; }

    /// <summary>Ascents of an image, each from a random start.</summary>
    internal int Targets(int classes) => IsTargeted ? Math.Min(AutoAttack.MostTargets, classes - 1) : 1;

    internal double Of(ReadOnlySpan<float> logits, int label, int target, Span<float> cotangent) => _function(logits, label, target, cotangent);

    /// <exception cref="ArgumentException">The loss has no meaning for so few.</exception>
    internal void RequireClasses(int classes)
    {
        if (classes < _fewestClasses)
        {
            throw new ArgumentException(
                $"{Attack} needs at least {_fewestClasses} classes, for its loss compares the {_fewestClasses} largest logits, "
                + $"and this classifier has {classes}",
                nameof(classes));
        }
    }
}
