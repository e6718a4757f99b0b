using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>
/// Holds a device to the contract: the reference's values within a tolerance known beforehand, every output element written, no input
/// changed, the same bits for every number of threads and every repetition, and no buffer accepted that can't be right.
/// </summary>
public static class Conformance
{
    public static void Check(TestDevice device, Call call, Tolerance tolerance)
    {
        if (Fault(device.Instances, call, tolerance) is string fault)
        {
            Assert.Fail($"{device}: {fault}");
        }
    }

    /// <summary>What is wrong with the call's results, or null.</summary>
    public static string? Fault(IReadOnlyList<IDevice> instances, Call call, Tolerance tolerance)
    {
        double[][] expected = call.OnReference();
        double[][] first = [];
        // A single instance runs twice, to see that repetition changes no bit.
        IEnumerable<IDevice> runs = instances.Count == 1 ? [instances[0], instances[0]] : instances;
        foreach ((int run, IDevice device) in runs.Index())
        {
            (double[][] actual, double[][] inputs) = call.On(device);
            string? fault = ChangedInput(call, inputs) ?? (run == 0
                ? Disagreement(expected, actual, tolerance.Bounds(call, expected, device.Description), device.Description.ElementBytes)
                : OtherBits(first, actual));
            if (fault is not null)
            {
                return fault;
            }
            first = actual;
        }
        return null;
    }

    /// <summary>
    /// Replaces each buffer of the call in turn by one that is too long, too short, another device's, or already given back, and
    /// demands the exception.
    /// </summary>
    /// <param name="lengthIsFree">The call has but one buffer and no geometry: any length is right.</param>
    public static void CheckRefusals(TestDevice device, Call call, bool lengthIsFree = false)
    {
        IDevice own = device.First;
        using ReferenceDevice other = new();
        for (int position = 0; position < call.Inputs.Length + call.Outputs.Length; position++)
        {
            int length = (position < call.Inputs.Length ? call.Inputs[position] : call.Outputs[position - call.Inputs.Length]).Length;
            if (!lengthIsFree)
            {
                Refuses<ArgumentException>(position, () => own.Allocate(length + 1), "too long");
            }
            if (!lengthIsFree && length > 1)
            {
                Refuses<ArgumentException>(position, () => own.Allocate(length - 1), "too short");
            }
            Refuses<ArgumentException>(position, () => other.Allocate(length), "of another device");
            Refuses<ObjectDisposedException>(position, () => Returned(own, length), "given back");
        }

        void Refuses<TException>(int position, Func<DeviceBuffer> substitute, string what) where TException : Exception
        {
            DeviceBuffer[] inputs = Call.Upload(own, call.Inputs), outputs = Call.Upload(own, call.Outputs);
            // Made last, lest the others take a buffer given back out of the pool again.
            DeviceBuffer wrong = substitute();
            DeviceBuffer[] withInput = [.. inputs], withOutput = [.. outputs];
            (position < inputs.Length ? withInput : withOutput)[position < inputs.Length ? position : position - inputs.Length] = wrong;
            try
            {
                Assert.That(() => call.Run(own, withInput, withOutput), Throws.InstanceOf<TException>(), $"{device}: buffer {position} {what}");
            }
            finally
            {
                Call.Dispose([.. inputs, .. outputs, wrong]);
            }
        }
    }

    private static DeviceBuffer Returned(IDevice device, int length)
    {
        DeviceBuffer buffer = device.Allocate(length);
        buffer.Dispose();
        return buffer;
    }

    private static string? ChangedInput(Call call, double[][] inputs)
    {
        for (int input = 0; input < inputs.Length; input++)
        {
            for (int i = 0; i < inputs[input].Length; i++)
            {
                if (!inputs[input][i].Equals((double)call.Inputs[input][i]))
                {
                    return $"input {input} was changed at [{i}]: {call.Inputs[input][i]:R} became {inputs[input][i]:R}";
                }
            }
        }
        return null;
    }

    private static string? OtherBits(double[][] first, double[][] second)
    {
        for (int output = 0; output < first.Length; output++)
        {
            for (int i = 0; i < first[output].Length; i++)
            {
                if (BitConverter.DoubleToInt64Bits(first[output][i]) != BitConverter.DoubleToInt64Bits(second[output][i]))
                {
                    return $"output {output} has other bits in another run at [{i}]: {first[output][i]:R} and {second[output][i]:R}";
                }
            }
        }
        return null;
    }

    private static string? Disagreement(double[][] expected, double[][] actual, double[][] bounds, int elementBytes)
    {
        for (int output = 0; output < expected.Length; output++)
        {
            int count = 0;
            string? first = null;
            for (int i = 0; i < expected[output].Length; i++)
            {
                double want = InRange(expected[output][i], elementBytes), have = actual[output][i];
                bool written = !Call.IsUnwritten(want) && !Call.IsUnwritten(have);
                bool near = double.IsFinite(want)
                    ? Math.Abs(want - have) <= bounds[output][i]
                    : want.Equals(have) || (double.IsNaN(want) && double.IsNaN(have));
                if (!written || !near)
                {
                    count++;
                    first ??= Call.IsUnwritten(have)
                        ? $"[{i}] was not written"
                        : $"[{i}] is {have:R}, the reference's {want:R}, tolerance {bounds[output][i]:G3}";
                }
            }
            if (first is not null)
            {
                return $"output {output}: {first}; {count} of {expected[output].Length} elements are wrong";
            }
        }
        return null;
    }

    /// <summary>The value, or infinity where single precision overflows.</summary>
    private static double InRange(double value, int elementBytes) =>
        elementBytes == sizeof(float) && Math.Abs(value) > float.MaxValue ? Math.CopySign(double.PositiveInfinity, value) : value;
}
