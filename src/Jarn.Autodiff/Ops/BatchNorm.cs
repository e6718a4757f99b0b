using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// (x, γ, β) → (y, μ, r): y = γ(x−μ)r + β with the batch's μ and r = (σ²+ε)^-½, followed by a leaky ReLU if the geometry has a slope. The derivative
/// of y takes into account that μ and r depend on x. The outputs μ and r are only for reading (running statistics): they can't be differentiated.
/// </summary>
public sealed class BatchNorm(BatchNormGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs | Saved.Outputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Shape channels = new(geometry.Channels);
        Tensor y = tape.Allocate(inputs[0].Shape), mean = tape.Allocate(channels), deviation = tape.Allocate(channels);
        tape.Device.BatchNorm(inputs[0].Buffer, inputs[1].Buffer, inputs[2].Buffer, geometry, y.Buffer, mean.Buffer, deviation.Buffer);
        return [y, mean, deviation];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        if (cotangents[0] is not Tensor g || cotangents[1] is not null || cotangents[2] is not null)
        {
            throw new InvalidOperationException("batch norm's mean and deviation are outputs for reading: nothing differentiates through them");
        }
        return tape.Apply(new BatchNormGradient(geometry), node.Inputs[0], node.Inputs[1], g, node.Outputs[1], node.Outputs[2], node.Inputs[2]);
    }
}

/// <summary>
/// (x, γ, ȳ, μ, r, β) → (x̄, γ̄, β̄), a function of x, γ and ȳ. μ and r are the values that the forward pass computed from x. β is only needed to
/// find the sign of the leaky ReLU's argument.
/// </summary>
public sealed class BatchNormGradient(BatchNormGeometry geometry) : Op
{
    public override Saved Saves => Saved.Inputs;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Shape channels = new(geometry.Channels);
        Tensor x = tape.Allocate(inputs[0].Shape), gamma = tape.Allocate(channels), beta = tape.Allocate(channels);
        tape.Device.BatchNormGradient(Inputs(inputs), geometry, x.Buffer, gamma.Buffer, beta.Buffer);
        return [x, gamma, beta];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed)
    {
        Tensor[] given = [.. cotangents.Select((cotangent, i) => cotangent ?? tape.Zeros(node.Outputs[i].Shape))];
        Tensor[] result = tape.Apply(new BatchNormGradientGradient(geometry), [.. node.Inputs, .. given]);
        return [result[0], result[1], result[2], null, null, null];
    }

    internal static BatchNormGradientInputs Inputs(Tensor[] inputs) =>
        new(inputs[0].Buffer, inputs[1].Buffer, inputs[2].Buffer, inputs[3].Buffer, inputs[4].Buffer, inputs[5].Buffer);
}

/// <summary>(x, γ, ȳ, μ, r, β; v, a, b) → the cotangents of x, γ and ȳ, in a fused kernel. It has no derivative.</summary>
public sealed class BatchNormGradientGradient(BatchNormGeometry geometry) : Op
{
    public override Saved Saves => Saved.None;

    public override Tensor[] Forward(Tape tape, Tensor[] inputs)
    {
        Tensor x = tape.Allocate(inputs[0].Shape), gamma = tape.Allocate(inputs[1].Shape), g = tape.Allocate(inputs[2].Shape);
        BatchNormSecondCotangents cotangents = new(inputs[6].Buffer, inputs[7].Buffer, inputs[8].Buffer);
        tape.Device.BatchNormGradientGradient(BatchNormGradient.Inputs(inputs), cotangents, geometry, x.Buffer, gamma.Buffer, g.Buffer);
        return [x, gamma, g];
    }

    public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
        throw new InvalidOperationException("batch norm is differentiated twice, not three times: compose it of sums and products for more");
}

public static partial class Operations
{
    /// <summary>Batch norm in train mode over all but the last dimension of x, followed by a leaky ReLU (none for slope 1).</summary>
    /// <returns>y like x; the channels' mean; the channels' reciprocal standard deviation (var + ε)^-½.</returns>
    public static (Tensor Y, Tensor Mean, Tensor ReciprocalDeviation) BatchNorm(
        this Tape tape, Tensor x, Tensor gamma, Tensor beta, double epsilon, double slope = 1)
    {
        int channels = x.Shape[x.Shape.Rank - 1];
        Tensor[] outputs = tape.Apply(new BatchNorm(new BatchNormGeometry(x.Length / channels, channels, epsilon, slope)), x, gamma, beta);
        return (outputs[0], outputs[1], outputs[2]);
    }
}
