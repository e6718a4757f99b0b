using ILGPU;

namespace Jarn.Kernels;

/// <summary>The output's cotangent as it meets a class of input pixels, [pixels of the class, taps of the class·filters].</summary>
internal readonly record struct CotangentPatches(ArrayView<float> Elements, ResidueClass Class) : ILeftOperand<CotangentPatches, ClassFilter>
{
    public static bool SummedIsContiguous => true;

    public int Run => Class.Filters.Value;

    public int Terms => Class.Terms;

    public CotangentPatches Part(int part) => this with { Class = Class.Of(part) };

    /// <summary>The output's element, row and column for the first tap of the class.</summary>
    public Coordinates Outer(int pixel)
    {
        (int n, int row, int column) = Class.Pixel(pixel);
        (int p, int q) = (Class.Rows.Output + row, Class.Columns.Output + column);
        return new Coordinates(((((n * Class.Height.OutputExtent) + p) * Class.Width.OutputExtent) + q) * Class.Filters.Value, p, q);
    }

    /// <summary>The next tap meets the output before.</summary>
    public Coordinates Summed(int tap)
    {
        (int row, int column, int filter) = Class.Tap(tap);
        return new Coordinates(filter - (((row * Class.Width.OutputExtent) + column) * Class.Filters.Value), -row, -column);
    }

    public int Index(Coordinates pixel, Coordinates tap) => pixel.IndexInside(tap, Class.Height.OutputExtent, Class.Width.OutputExtent);

    public int ResultRow(int pixel)
    {
        (int n, int row, int column) = Class.Pixel(pixel);
        int h = Class.Rows.Phase + (row * Class.Height.Stride.Value), w = Class.Columns.Phase + (column * Class.Width.Stride.Value);
        return (h < Class.Height.Extent) & (w < Class.Width.Extent) ? (((n * Class.Height.Extent) + h) * Class.Width.Extent) + w : -1;
    }
}

/// <summary>The filter at a class's taps, [taps of the class·filters, input channels]: the right factor of the input gradient.</summary>
internal readonly record struct ClassFilter(ArrayView<float> Elements, ResidueClass Class, int InputChannels) : IRightOperand<ClassFilter>
{
    public static bool SummedIsContiguous => true;

    public int Run => Class.Filters.Value;

    public ClassFilter Part(int part) => this with { Class = Class.Of(part) };

    public Coordinates Outer(int channel) => new(channel * Class.Filters.Value, 0, 0);

    public Coordinates Summed(int tap)
    {
        (int row, int column, int filter) = Class.Tap(tap);
        int r = Class.Rows.Tap + (row * Class.Height.Stride.Value), t = Class.Columns.Tap + (column * Class.Width.Stride.Value);
        return new Coordinates((((r * Class.Width.Kernel) + t) * InputChannels * Class.Filters.Value) + filter, 0, 0);
    }

    public int Index(Coordinates channel, Coordinates tap) => channel.Offset + tap.Offset;
}
