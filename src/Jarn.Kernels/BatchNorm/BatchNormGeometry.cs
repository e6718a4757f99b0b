namespace Jarn.Kernels;

/// <summary>Tensors [Samples, Channels] with Samples = N·H·W; Epsilon is added to the variance (the biased one: divided by Samples).</summary>
public readonly record struct BatchNormGeometry(int Samples, int Channels, double Epsilon)
{
    public int Length => Require.Product(Samples, Channels);

    internal void CheckFull(params ReadOnlySpan<DeviceBuffer> buffers)
    {
        foreach (DeviceBuffer buffer in buffers)
        {
            Require.Length(buffer, Length, "a tensor of batch norm");
        }
    }

    internal void CheckChannels(params ReadOnlySpan<DeviceBuffer> buffers)
    {
        foreach (DeviceBuffer buffer in buffers)
        {
            Require.Length(buffer, Channels, "a channel vector of batch norm");
        }
    }
}

/// <summary>What batch norm's gradient is a function of: x, γ and ȳ; μ and r are those that the forward pass computed from x.</summary>
public readonly record struct BatchNormGradientInputs(
    DeviceBuffer X, DeviceBuffer Gamma, DeviceBuffer OutputCotangent, DeviceBuffer Mean, DeviceBuffer ReciprocalDeviation)
{
    internal void Check(BatchNormGeometry geometry)
    {
        geometry.CheckFull(X, OutputCotangent);
        geometry.CheckChannels(Gamma, Mean, ReciprocalDeviation);
    }
}

/// <summary>The cotangents of the gradient's three outputs x̄, γ̄ and β̄.</summary>
public readonly record struct BatchNormSecondCotangents(DeviceBuffer X, DeviceBuffer Gamma, DeviceBuffer Beta)
{
    internal void Check(BatchNormGeometry geometry)
    {
        geometry.CheckFull(X);
        geometry.CheckChannels(Gamma, Beta);
    }
}
