namespace Jarn.Kernels;

/// <summary>
/// A two-dimensional convolution (cross-correlation, as the field says it): input [Batch, InputHeight, InputWidth, InputChannels],
/// filter [KernelHeight, KernelWidth, InputChannels, OutputChannels], output [Batch, OutputHeight, OutputWidth, OutputChannels].
/// Zero padding is explicit on all four sides, since TensorFlow's SAME is asymmetric.
/// </summary>
public readonly record struct ConvolutionGeometry(
    int Batch, int InputHeight, int InputWidth, int InputChannels, int OutputChannels,
    int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth,
    int PadTop, int PadBottom, int PadLeft, int PadRight)
{
    /// <summary>⌊(InputHeight + PadTop + PadBottom − KernelHeight) / StrideHeight⌋ + 1</summary>
    public int OutputHeight => ((InputHeight + PadTop + PadBottom - KernelHeight) / StrideHeight) + 1;

    /// <summary>⌊(InputWidth + PadLeft + PadRight − KernelWidth) / StrideWidth⌋ + 1</summary>
    public int OutputWidth => ((InputWidth + PadLeft + PadRight - KernelWidth) / StrideWidth) + 1;

    /// <summary>Elements of the input.</summary>
    public int InputLength => Require.Product(Batch, InputHeight, InputWidth, InputChannels);

    /// <summary>Elements of the filter.</summary>
    public int FilterLength => Require.Product(KernelHeight, KernelWidth, InputChannels, OutputChannels);

    /// <summary>Elements of the output.</summary>
    public int OutputLength => Require.Product(Batch, OutputHeight, OutputWidth, OutputChannels);

    /// <summary>[Batch, InputHeight, InputWidth, InputChannels]</summary>
    public Shape InputShape => new(Batch, InputHeight, InputWidth, InputChannels);

    /// <summary>[KernelHeight, KernelWidth, InputChannels, OutputChannels]</summary>
    public Shape FilterShape => new(KernelHeight, KernelWidth, InputChannels, OutputChannels);

    /// <summary>[Batch, OutputHeight, OutputWidth, OutputChannels]</summary>
    public Shape OutputShape => new(Batch, OutputHeight, OutputWidth, OutputChannels);

    /// <summary>
    /// TensorFlow's SAME: ⌈in/stride⌉ outputs; of the total padding max(0, (out−1)·stride + kernel − in) the smaller half stands before.
    /// </summary>
    public static ConvolutionGeometry Same(Shape input, Shape filter, int stride)
    {
        (int top, int bottom) = SamePadding(input[1], filter[0], stride);
        (int left, int right) = SamePadding(input[2], filter[1], stride);
        return new ConvolutionGeometry(
            input[0], input[1], input[2], input[3], filter[3], filter[0], filter[1], stride, stride, top, bottom, left, right);
    }

    /// <summary>The taps of a kernel's row, from the first to before the last, that meet the input if the row begins at column left.</summary>
    internal (int First, int Last) TapsInside(int left)
    {
        int first = Math.Clamp(-left, 0, KernelWidth);
        return (first, Math.Clamp(InputWidth - left, first, KernelWidth));
    }

    public override string ToString() =>
        $"{Batch}×{InputHeight}×{InputWidth}×{InputChannels}→{OutputChannels} {KernelHeight}×{KernelWidth}/{StrideHeight}";

    internal CallCost Cost(long reads, long writes) =>
        new(ToString(), 2.0 * OutputLength * (FilterLength / OutputChannels), reads, writes, IsProduct: true);

    internal void Check(DeviceBuffer input, DeviceBuffer filter, DeviceBuffer output)
    {
        if (StrideHeight < 1 || StrideWidth < 1 || PadTop < 0 || PadBottom < 0 || PadLeft < 0 || PadRight < 0
            || InputHeight + PadTop + PadBottom < KernelHeight || InputWidth + PadLeft + PadRight < KernelWidth)
        {
            throw new ArgumentException(
                $"no convolution of {InputHeight}×{InputWidth} has a {KernelHeight}×{KernelWidth} kernel, strides {StrideHeight} and {StrideWidth}, "
                + $"and padding {PadTop} {PadBottom} {PadLeft} {PadRight}");
        }
        Require.Length(input, InputLength);
        Require.Length(filter, FilterLength);
        Require.Length(output, OutputLength);
    }

    private static (int Before, int After) SamePadding(int extent, int kernel, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        int outputs = (extent + stride - 1) / stride;
        int total = Math.Max(0, ((outputs - 1) * stride) + kernel - extent);
        return (total / 2, total - (total / 2));
    }
}
