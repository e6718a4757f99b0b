namespace Jarn.Bench.Gpu;

/// <param name="Name">As <see cref="Peers.PeerCases"/> reads it.</param>
/// <param name="Checked">The case whose numbers are compared: the same one, or one that a processor finishes.</param>
internal sealed record GpuCase(string Name, string Checked)
{
    private const int PaperBatch = 128;

    public bool IsStep => Name.StartsWith("wide-resnet", StringComparison.Ordinal) || Name.StartsWith("mnist", StringComparison.Ordinal);

    /// <summary>Whether it has matrix products or convolutions in it.</summary>
    public bool HasProducts => !Name.StartsWith("batch-norm", StringComparison.Ordinal) && !Name.StartsWith("elementwise", StringComparison.Ordinal);

    /// <summary>The layers of the paper's Wide-ResNet-32-10, its discriminator's, MNIST's, and steps of both.</summary>
    /// <param name="quick">Whether to shrink every shape.</param>
    public static IEnumerable<GpuCase> All(bool quick)
    {
        int batch = quick ? 4 : PaperBatch, width = quick ? 1 : 10, square = quick ? 256 : 4096;
        (int Extent, int Channels)[] norms = [(32, 16), (32, Wide(1)), (16, Wide(2)), (8, Wide(4))];
        IEnumerable<GpuCase> cases =
        [
            .. Convolutions(batch, [(32, 3, 16, 3, 1), (32, 16, Wide(1), 3, 1), (32, Wide(1), Wide(1), 3, 1), (32, Wide(1), Wide(2), 3, 2),
                (16, Wide(2), Wide(2), 3, 1), (16, Wide(2), Wide(4), 3, 2), (8, Wide(4), Wide(4), 3, 1)]),
            .. Convolutions(2 * batch, [(32, 3, 32, 4, 2), (16, 32, 64, 4, 2), (28, 1, 64, 5, 1), (14, 64, 128, 5, 1)]),
            .. Kernels($"matmul/{square},{square},{square}", "product"),
            .. Kernels($"matmul/{batch},{Wide(4)},10", "product"),
            .. norms.SelectMany(norm =>
                Kernels($"batch-norm/{batch * norm.Extent * norm.Extent},{norm.Channels}", "forward", "backward", "double-backward")),
            .. Kernels($"elementwise/{batch * 32 * 32},{Wide(1)}", "leaky-relu", "add", "add-bias", "channel-sums", "sgd", "adam"),
            new("mnist/jarn", "mnist/jarn"),
            new($"wide-resnet/{width},{batch}/jarn", "wide-resnet/1,4/jarn"),
            new($"wide-resnet/{width},{batch}/standard", "wide-resnet/1,4/standard"),
        ];
        // Shrunk, some shapes are the same.
        return cases.Distinct();

        // Channels of the Wide-ResNet, in those of its first stage.
        int Wide(int times) => 16 * width * times;
    }

    private static IEnumerable<GpuCase> Convolutions(int batch, (int Extent, int Inputs, int Outputs, int Kernel, int Stride)[] layers) =>
        layers.SelectMany(layer => Kernels(
            $"convolution/{batch},{layer.Extent},{layer.Inputs},{layer.Outputs},{layer.Kernel},{layer.Stride}",
            "forward", "input-gradient", "filter-gradient"));

    private static IEnumerable<GpuCase> Kernels(string shape, params string[] operations) =>
        operations.Select(operation => new GpuCase($"{shape}/{operation}", $"{shape}/{operation}"));
}
