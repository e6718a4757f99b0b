namespace Jarn.Runner.Data;

/// <summary>
/// Forms in the plane as the signed distance from their edge, negative inside. Outside a corner the distance is less than the true one. Shapes
/// lie about the origin and have a size of about 1; textures fill the plane, and their period is 1.
/// </summary>
internal static class Figures
{
    // Normals of a regular pentagon's and of a triangle's sides: cosine and sine of the multiples of 72° and of 120° from straight down.
    private static readonly (float X, float Y)[] FiveNormals =
        [(0, 1), (0.95105654f, 0.30901700f), (0.58778524f, -0.80901700f), (-0.58778524f, -0.80901700f), (-0.95105654f, 0.30901700f)];

    private static readonly (float X, float Y)[] ThreeNormals = [(0, 1), (0.86602540f, -0.5f), (-0.86602540f, -0.5f)];

    public static float Disc(float x, float y) => Length(x, y) - 0.9f;

    public static float Ring(float x, float y) => MathF.Abs(Length(x, y) - 0.8f) - 0.2f;

    public static float Square(float x, float y) => MathF.Max(MathF.Abs(x), MathF.Abs(y)) - 0.8f;

    public static float Triangle(float x, float y) => Largest(ThreeNormals, x, y).First - 0.6f;

    /// <summary>The pentagram: beyond no more than one side of its pentagon.</summary>
    public static float Star(float x, float y) => Largest(FiveNormals, x, y).Second - 0.42f;

    public static float Cross(float x, float y)
    {
        float across = MathF.Abs(x), along = MathF.Abs(y);
        return MathF.Max(MathF.Min(across, along) - 0.28f, MathF.Max(across, along) - 1);
    }

    public static float Stripes(float x, float y) => MathF.Abs(Wrapped(x)) - 0.25f;

    public static float Checkers(float x, float y)
    {
        // Positive and negative by turns, from one line of the grid to the next.
        float u = MathF.Abs(Wrapped(x)) - 0.25f, v = MathF.Abs(Wrapped(y)) - 0.25f;
        return MathF.CopySign(MathF.Min(MathF.Abs(u), MathF.Abs(v)), u * v);
    }

    public static float Dots(float x, float y) => Length(Wrapped(x), Wrapped(y)) - 0.28f;

    /// <summary>Stripes that swing like parabolas, a third as often as they repeat.</summary>
    public static float Waves(float x, float y)
    {
        float t = Wrapped(y / 3);
        float swing = t * (0.5f - MathF.Abs(t)) * 16;
        return 0.6f * (MathF.Abs(Wrapped(x + (0.5f * swing))) - 0.25f);
    }

    private static float Length(float x, float y) => MathF.Sqrt((x * x) + (y * y));

    /// <summary>The distance from the nearest whole number, in [−1/2, 1/2].</summary>
    private static float Wrapped(float x) => x - MathF.Floor(x + 0.5f);

    /// <summary>The two largest products of normal and position.</summary>
    private static (float First, float Second) Largest(ReadOnlySpan<(float X, float Y)> normals, float x, float y)
    {
        float first = float.MinValue, second = float.MinValue;
        foreach ((float normalX, float normalY) in normals)
        {
            float product = (normalX * x) + (normalY * y);
            second = MathF.Max(second, MathF.Min(first, product));
            first = MathF.Max(first, product);
        }
        return (first, second);
    }
}
