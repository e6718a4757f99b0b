namespace Jarn.Runner.Data;

/// <summary>A turn in the plane, from x towards y.</summary>
internal readonly record struct Rotation(float Cosine, float Sine)
{
    /// <summary>Half the angle's tangent gives sine and cosine by arithmetic alone.</summary>
    public static Rotation OfHalfTangent(float tangent) => new(
        (1 - (tangent * tangent)) / (1 + (tangent * tangent)), 2 * tangent / (1 + (tangent * tangent)));

    public (float X, float Y) Turn(float x, float y) => ((Cosine * x) - (Sine * y), (Sine * x) + (Cosine * y));
}
