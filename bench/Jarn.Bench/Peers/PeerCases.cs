using System.Globalization;
using Jarn.Kernels;

namespace Jarn.Bench.Peers;

/// <summary>Cases by name: KIND/SHAPE/OPERATION, e.g. convolution/32,32,160,160,3,1/forward, wide-resnet/4/jarn, or mnist/jarn.</summary>
internal static class PeerCases
{
    /// <exception cref="ArgumentException">There is no such case.</exception>
    public static PeerCase Create(IDevice device, string name)
    {
        string[] parts = name.Split('/');
        int[] shape = parts.Length == 3 ? [.. parts[1].Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))] : [];
        return (parts[0], shape) switch
        {
            ("convolution", [int batch, int extent, int inputs, int outputs, int kernel, int stride]) =>
                new ConvolutionCase(device, new Layer(batch, extent, inputs, outputs, kernel, stride), parts[^1]),
            ("batch-norm", [int samples, int channels]) => new BatchNormCase(device, samples, channels, parts[^1]),
            ("mnist", []) => new StepCase(device, Workload.Mnist(device), parts[^1]),
            ("wide-resnet", [int width]) => new StepCase(device, Workload.WideResNet(device, width), parts[^1]),
            ("wide-resnet", [int width, int batch]) => new StepCase(device, Workload.WideResNet(device, width, batch), parts[^1]),
            ("matmul", [int rows, int inner, int columns]) => new MatMulCase(device, rows, inner, columns),
            ("elementwise", [int samples, int channels]) => new ElementwiseCase(device, samples, channels, parts[^1]),
            _ => throw new ArgumentException($"no such case: {name}"),
        };
    }
}
