namespace Jarn.Kernels;

/// <summary>Batch norm with a leaky ReLU behind it, fused: what stands between the two is never stored.</summary>
/// <param name="Samples">N·H·W, the rows of tensors [Samples, Channels].</param>
/// <param name="Channels">Each with a mean and a deviation of its own.</param>
/// <param name="Epsilon">Added to the variance (the biased one: divided by Samples).</param>
/// <param name="Slope">The slope of the leaky ReLU for negative arguments; 1 for no activation.</param>
public readonly record struct BatchNormGeometry(int Samples, int Channels, double Epsilon, double Slope = 1)
{
    /// <summary>Elements of a tensor [Samples, Channels].</summary>
    public int Length => Require.Product(Samples, Channels);

    /// <remarks>Vectors over channels are left out; what is read twice is read for the sums and again for the results.</remarks>
    internal CallCost Cost(int reads, int writes, int operations) => CallCost.OfPasses(Length, reads, writes, operations, $"{Samples}×{Channels}");

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

/// <summary>
/// What batch norm's gradient is a function of: x, γ and ȳ; μ and r are those that the forward pass computed from x. β, with x and γ, decides
/// which slope the leaky ReLU has.
/// </summary>
public readonly record struct BatchNormGradientInputs(
    DeviceBuffer X, DeviceBuffer Gamma, DeviceBuffer OutputCotangent, DeviceBuffer Mean, DeviceBuffer ReciprocalDeviation, DeviceBuffer Beta)
{
    internal BatchNormGradientInputs With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(
        buffers.Read(X), buffers.Read(Gamma), buffers.Read(OutputCotangent), buffers.Read(Mean), buffers.Read(ReciprocalDeviation),
        buffers.Read(Beta));

    internal void Check(BatchNormGeometry geometry)
    {
        geometry.CheckFull(X, OutputCotangent);
        geometry.CheckChannels(Gamma, Mean, ReciprocalDeviation, Beta);
    }
}

/// <summary>The cotangents of the gradient's three outputs x̄, γ̄ and β̄.</summary>
public readonly record struct BatchNormSecondCotangents(DeviceBuffer X, DeviceBuffer Gamma, DeviceBuffer Beta)
{
    internal BatchNormSecondCotangents With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(buffers.Read(X), buffers.Read(Gamma), buffers.Read(Beta));

    internal void Check(BatchNormGeometry geometry)
    {
        geometry.CheckFull(X);
        geometry.CheckChannels(Gamma, Beta);
    }
}
