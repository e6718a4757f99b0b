namespace Jarn.Kernels;

/// <summary>y[i] uniform in [low, high): the same numbers on every device up to rounding.</summary>
public readonly record struct RandomUniformCall(RandomKey Key, double Low, double High, DeviceBuffer Y) : IDeviceCall<RandomUniformCall>
{
    public static string Operation => "RandomUniform";

    public static string? ChangesBetweenReplays => "the key of random numbers";

    public CallCost Cost => CallCost.OfPasses(Y.Length, reads: 0, writes: 1, operations: 2);

    public void Check()
    {
    }

    public RandomUniformCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(Key, Low, High, buffers.Write(Y));

    public void Run(ReferenceDevice device) => device.RandomUniform(this);

    public void Run(CpuDevice device) => device.RandomUniform(this);

    public void Run(GpuDevice device) => device.RandomUniform(this);
}

/// <summary>y[i] normal: the same numbers on every device up to rounding.</summary>
public readonly record struct RandomNormalCall(RandomKey Key, double Mean, double StandardDeviation, DeviceBuffer Y) : IDeviceCall<RandomNormalCall>
{
    public static string Operation => "RandomNormal";

    public static string? ChangesBetweenReplays => "the key of random numbers";

    public CallCost Cost => CallCost.OfPasses(Y.Length, reads: 0, writes: 1, operations: 6);

    public void Check()
    {
    }

    public RandomNormalCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(Key, Mean, StandardDeviation, buffers.Write(Y));

    public void Run(ReferenceDevice device) => device.RandomNormal(this);

    public void Run(CpuDevice device) => device.RandomNormal(this);

    public void Run(GpuDevice device) => device.RandomNormal(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="RandomUniformCall"/>
    public static void RandomUniform(this IDevice device, RandomKey key, double low, double high, DeviceBuffer y) =>
        device.Execute(new RandomUniformCall(key, low, high, y));

    /// <inheritdoc cref="RandomNormalCall"/>
    public static void RandomNormal(this IDevice device, RandomKey key, double mean, double standardDeviation, DeviceBuffer y) =>
        device.Execute(new RandomNormalCall(key, mean, standardDeviation, y));
}
