using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>The shape of every image of a data set, and of a classifier's input.</summary>
public sealed record ImageShape(int Height, int Width, int Channels)
{
    /// <summary>H·W·C.</summary>
    [JsonIgnore]
    public int Pixels => Height * Width * Channels;

    /// <summary>28 × 28, or 32 × 32 × 3.</summary>
    public override string ToString() => Channels == 1 ? $"{Height} × {Width}" : $"{Height} × {Width} × {Channels}";
}
