using Jarn.Kernels;

namespace Jarn.Tests.Kernels.Reference;

/// <summary>Arithmetic on arrays of doubles for the tests of the reference device, which use none of its code to check it.</summary>
internal static class Adjoints
{
    public static double Inner(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    public static double[] Normal(int length, int seed) => Array.ConvertAll(Sample.Normal(length, seed), value => (double)value);

    /// <summary>Runs an operation of the reference device: one input or two, one output.</summary>
    public static double[] Run(int outputLength, Operation operation, params double[][] inputs) => Run([outputLength], operation, inputs)[0];

    public static double[][] Run(int[] outputLengths, Operation operation, params double[][] inputs)
    {
        using ReferenceDevice device = new();
        DeviceBuffer[] sources = Array.ConvertAll(inputs, input => device.Allocate(input.Length));
        DeviceBuffer[] targets = Array.ConvertAll(outputLengths, device.Allocate);
        for (int i = 0; i < inputs.Length; i++)
        {
            device.Upload(inputs[i].AsSpan(), sources[i]);
        }
        foreach (DeviceBuffer target in targets)
        {
            device.Fill(double.NaN, target);
        }
        operation(device, sources, targets);
        double[][] results = Array.ConvertAll(outputLengths, length => new double[length]);
        for (int i = 0; i < targets.Length; i++)
        {
            device.Download(targets[i], results[i].AsSpan());
        }
        return results;
    }
}
