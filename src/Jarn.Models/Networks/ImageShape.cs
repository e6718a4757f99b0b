namespace Jarn.Models;

/// <summary>Of every image of a data set.</summary>
public sealed record ImageShape(int Height, int Width, int Channels)
{
    /// <summary>Numbers that make up an image.</summary>
    public int Pixels => Height * Width * Channels;

    /// <summary>For people: 28 × 28, 32 × 32 × 3.</summary>
    public override string ToString() => Channels == 1 ? $"{Height} × {Width}" : $"{Height} × {Width} × {Channels}";
}
