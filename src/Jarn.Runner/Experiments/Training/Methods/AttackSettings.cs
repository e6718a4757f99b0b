using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Settings of a method that trains on an attack whose size grows at first, see <see cref="RampedAttack"/>.</summary>
public interface IEpsilonRamp
{
    /// <summary>The share of the steps over which ε grows to its size; 0 for none.</summary>
    [Setting("epsilon-ramp", "F", "Increase epsilon over this fraction of the steps.", Minimum = 0, Maximum = 1)]
    double EpsilonRamp { get; }

    /// <summary>A preset's: on MNIST the full ε from the first step on leaves a network that answers one class whatever the image.</summary>
    static double Preset(PresetContext context) => context.IsGrey ? 0.3 : 0;
}

/// <summary>Settings of a method that trains on an attack of several steps.</summary>
public interface IAttackStep
{
    /// <summary>In units of the pixel range.</summary>
    [Setting("training-attack-step", "E", "Size of one attack step, such as 0.01 or 2/255.", IsPixelSize = true, Minimum = double.Epsilon,
        Maximum = 1)]
    double TrainingAttackStepSize { get; }

    /// <summary>A preset's: the paper's for colours, ours for grey images.</summary>
    static double Preset(PresetContext context) => context.IsGrey ? 0.01 : 2.0 / 255;
}
