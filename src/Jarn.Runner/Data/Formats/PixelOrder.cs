using Jarn.Models;

namespace Jarn.Runner.Data;

/// <summary>Rearranges the pixels of a file's images to H × W × C.</summary>
public sealed class PixelOrder
{
    private readonly int[] _source;

    private PixelOrder(ImageShape shape, Func<int, int, int, int> source)
    {
        _source = new int[shape.Pixels];
        int target = 0;
        for (int row = 0; row < shape.Height; row++)
        {
            for (int column = 0; column < shape.Width; column++)
            {
                for (int channel = 0; channel < shape.Channels; channel++)
                {
                    _source[target++] = source(row, column, channel);
                }
            }
        }
    }

    /// <summary>The order C × H × W, as in CIFAR.</summary>
    public static PixelOrder FromPlanes(ImageShape shape) =>
        new(shape, (row, column, channel) => (((channel * shape.Height) + row) * shape.Width) + column);

    /// <summary>The order H × W × C with the first index running fastest, as MATLAB stores arrays.</summary>
    public static PixelOrder FromColumnMajor(ImageShape shape) =>
        new(shape, (row, column, channel) => (((channel * shape.Width) + column) * shape.Height) + row);

    /// <summary>Puts one image in order; <paramref name="target"/> may overlap <paramref name="source"/>.</summary>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> target)
    {
        Span<byte> copy = stackalloc byte[_source.Length];
        source.CopyTo(copy);
        for (int i = 0; i < _source.Length; i++)
        {
            target[i] = copy[_source[i]];
        }
    }
}
