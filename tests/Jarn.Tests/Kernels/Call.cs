using System.Runtime.CompilerServices;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>Calls an operation with buffers that hold <see cref="Call.Inputs"/> and <see cref="Call.Outputs"/>.</summary>
public delegate void Operation(IDevice device, DeviceBuffer[] inputs, DeviceBuffer[] outputs);

/// <summary>One call of a device's method, with its data: the same numbers for each device, since every float is exact in double too.</summary>
/// <param name="Inputs">What the operation may only read.</param>
/// <param name="Outputs">What its outputs hold beforehand: <see cref="Unwritten"/>, or the state that it updates in place.</param>
public sealed record Call(float[][] Inputs, float[][] Outputs, Operation Run)
{
    /// <summary>A NaN with a payload that no arithmetic makes: an element that still has it was never written.</summary>
    private static readonly float Poison = BitConverter.UInt32BitsToSingle(0x7FC0FFEE);

    /// <summary>Of the very same call, not of an equal one: a copy with other data has other results.</summary>
    private static readonly ConditionalWeakTable<Call, double[][]> References = [];

    private static readonly ConditionalWeakTable<Call, Call> Absolutes = [];

    public static float[] Unwritten(int length)
    {
        float[] values = new float[length];
        Array.Fill(values, Poison);
        return values;
    }

    public static bool IsUnwritten(double value) => BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(Poison);

    /// <summary>The same call on |inputs| and on the absolute values of the state: a sum's magnitude, which its rounding errors scale with.</summary>
    public Call OnAbsoluteValues() => Absolutes.GetValue(this, static call => call with
    {
        Inputs = [.. call.Inputs.Select(Absolute)],
        Outputs = [.. call.Outputs.Select(Absolute)],
    });

    /// <summary>The same call on the squares of the inputs.</summary>
    public Call OnSquares() => this with { Inputs = [.. Inputs.Select(input => Array.ConvertAll(input, value => value * value))] };

    /// <summary>The outputs and the inputs after the call.</summary>
    public (double[][] Outputs, double[][] Inputs) On(IDevice device)
    {
        DeviceBuffer[] inputs = Upload(device, Inputs), outputs = Upload(device, Outputs);
        try
        {
            Run(device, inputs, outputs);
            return (Download(device, outputs), Download(device, inputs));
        }
        finally
        {
            Dispose(inputs);
            Dispose(outputs);
        }
    }

    /// <summary>Computed once, however many devices are compared with it.</summary>
    public double[][] OnReference() => References.GetValue(this, static call =>
    {
        using ReferenceDevice reference = new();
        return call.On(reference).Outputs;
    });

    public static DeviceBuffer[] Upload(IDevice device, float[][] values)
    {
        DeviceBuffer[] buffers = new DeviceBuffer[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            buffers[i] = device.Allocate(values[i].Length);
            device.Upload(values[i].AsSpan(), buffers[i]);
        }
        return buffers;
    }

    public static void Dispose(DeviceBuffer[] buffers)
    {
        foreach (DeviceBuffer buffer in buffers)
        {
            buffer.Dispose();
        }
    }

    private static double[][] Download(IDevice device, DeviceBuffer[] buffers)
    {
        double[][] values = new double[buffers.Length][];
        for (int i = 0; i < buffers.Length; i++)
        {
            values[i] = new double[buffers[i].Length];
            device.Download(buffers[i], values[i].AsSpan());
        }
        return values;
    }

    private static float[] Absolute(float[] values) => Array.ConvertAll(values, value => IsUnwritten(value) ? value : Math.Abs(value));
}

/// <summary>Random test data, the same in every run.</summary>
public static class Sample
{
    public static float[] Normal(int length, int seed, double mean = 0, double deviation = 1)
    {
        Random random = new(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(mean + (deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble())));
        }
        return values;
    }

    public static float[] Uniform(int length, int seed, double low = 0, double high = 1)
    {
        Random random = new(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)(low + ((high - low) * random.NextDouble()));
        }
        return values;
    }
}
