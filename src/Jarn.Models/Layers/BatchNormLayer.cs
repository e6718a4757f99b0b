using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Which statistics batch norm normalises with.</summary>
public enum BatchStatistics
{
    /// <summary>The batch's statistics. The running statistics are updated.</summary>
    Train,

    /// <summary>The batch's statistics. The running statistics are not updated.</summary>
    Batch,

    /// <summary>The running statistics, for evaluation.</summary>
    Running,
}

/// <summary>Batch norm over all but the last dimension, followed by an activation; ε = 1e-3, running ← 0.9·running + 0.1·batch.</summary>
public sealed class BatchNormLayer(Initializer initializer, string name, int channels, Activation activation = Activation.None)
{
    /// <summary>Added to the variance.</summary>
    public const double Epsilon = 1e-3;

    private const double Decay = 0.9;

    /// <summary>γ, [channels]</summary>
    public Parameter Gamma { get; } = initializer.Constant($"{name}.gamma", channels, 1);

    /// <summary>β, [channels]</summary>
    public Parameter Beta { get; } = initializer.Constant($"{name}.beta", channels, 0);

    /// <summary>The running mean, [channels].</summary>
    public Parameter RunningMean { get; } = initializer.Constant($"{name}.running_mean", channels, 0);

    /// <summary>The running variance, [channels].</summary>
    public Parameter RunningVariance { get; } = initializer.Constant($"{name}.running_variance", channels, 1);

    /// <summary>
    /// The activation after batch norm. ReLU and leaky ReLU are computed in the same pass over memory, a curved function in a pass of its own.
    /// </summary>
    public Activation Activation => activation;

    /// <summary>The trainable parameters: γ and β.</summary>
    public IEnumerable<Parameter> Parameters => [Gamma, Beta];

    /// <summary>Saved in checkpoints, but not trained by gradients.</summary>
    public IEnumerable<Parameter> RunningStatistics => [RunningMean, RunningVariance];

    /// <summary>x of any shape → the same shape, normalised channel by channel.</summary>
    public Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics)
    {
        if (statistics == BatchStatistics.Running)
        {
            AxisGeometry channels = AxisGeometry.Leading(x.Shape, 1);
            Tensor scale = tape.Multiply(Gamma.Value, tape.ReciprocalSquareRoot(tape.Offset(RunningVariance.Value, Epsilon)));
            Tensor shift = tape.Subtract(Beta.Value, tape.Multiply(RunningMean.Value, scale));
            return tape.ActivationOfSum(tape.Multiply(x, scale, channels), shift, activation);
        }
        (Tensor y, Tensor mean, Tensor reciprocalDeviation) = tape.BatchNorm(x, Gamma.Value, Beta.Value, Epsilon, activation.Slope() ?? 1);
        if (statistics == BatchStatistics.Train)
        {
            Follow(tape, mean, reciprocalDeviation);
        }
        return activation.Slope() is null ? tape.Activate(y, activation) : y;
    }

    /// <summary>The variance is r⁻² − ε: the biased one, a mean of squares over all n values of a channel.</summary>
    private void Follow(Tape tape, Tensor mean, Tensor reciprocalDeviation)
    {
        IDevice device = tape.Device;
        Tensor scratch = tape.Allocate(mean.Shape);
        device.Map(new Square(), reciprocalDeviation.Buffer, scratch.Buffer);
        device.Map(new Reciprocal(), scratch.Buffer, scratch.Buffer);
        device.Map(new Offset(-Epsilon), scratch.Buffer, scratch.Buffer);
        Blend(device, scratch.Buffer, scratch.Buffer, RunningVariance.Value.Buffer);
        Blend(device, mean.Buffer, scratch.Buffer, RunningMean.Value.Buffer);
    }

    private static void Blend(IDevice device, DeviceBuffer batch, DeviceBuffer scratch, DeviceBuffer running)
    {
        device.Map(new Scale(1 - Decay), batch, scratch);
        device.Map(new Scale(Decay), running, running);
        device.Zip(new Add(), running, scratch, AxisGeometry.Elementwise(running.Length), running);
    }
}
