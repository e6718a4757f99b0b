namespace Jarn.Kernels;

/// <summary>
/// Windows of Window×Window pixels of [Batch, Height, Width, Channels] that neither overlap nor reach over the edge (TensorFlow's VALID
/// with stride = window): what does not fill a window is left out.
/// </summary>
public readonly record struct PoolGeometry(int Batch, int Height, int Width, int Channels, int Window)
{
    /// <summary>Windows in a column.</summary>
    public int OutputHeight => Height / Window;

    /// <summary>Windows in a row.</summary>
    public int OutputWidth => Width / Window;

    /// <summary>[Batch, Height, Width, Channels]</summary>
    public Shape InputShape => new(Batch, Height, Width, Channels);

    /// <summary>[Batch, OutputHeight, OutputWidth, Channels]</summary>
    public Shape OutputShape => new(Batch, OutputHeight, OutputWidth, Channels);

    public override string ToString() => $"{Batch}×{Height}×{Width}×{Channels}/{Window}";

    internal void Check(DeviceBuffer input, DeviceBuffer output)
    {
        if (Window < 1 || Window > Height || Window > Width)
        {
            throw new ArgumentException($"no window of {Window} fits in {Height}×{Width} pixels");
        }
        Require.Length(input, Require.Product(Batch, Height, Width, Channels));
        Require.Length(output, Require.Product(Batch, OutputHeight, OutputWidth, Channels));
    }
}
