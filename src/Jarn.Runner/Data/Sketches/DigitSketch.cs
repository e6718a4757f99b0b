using Jarn.Kernels;

namespace Jarn.Runner.Data;

/// <summary>Drawn digits of MNIST's shapes.</summary>
public static class DigitSketch
{
    /// <summary>Never to be taken for MNIST itself.</summary>
    public const string DatasetName = "mnist-sketch";

    private const int Side = 28;

    public static Sketch Sketch { get; } = new(0x6d6e_6973_742d_736b, 60_000, 10_000, Side, 1, PublishedDataset.Mnist.ClassNames, Draw);

    public static StandIn StandIn { get; } = new(DatasetName, "drawn digits", Sketch.Train, Sketch.Test);

    /// <inheritdoc cref="Sketch.Train"/>
    public static ImageSet Train(int count) => Sketch.Train(count);

    /// <inheritdoc cref="Sketch.Test"/>
    public static ImageSet Test(int count) => Sketch.Test(count);

    private static byte Draw(ref PhiloxSequence random, Span<byte> pixels)
    {
        int digit = random.Below(DigitGlyphs.ByDigit.Length);
        PenPath path = new(stackalloc PenPoint[PenPath.MaximumPoints], stackalloc bool[PenPath.MaximumPoints]);
        Glyph glyph = PenPath.Choose(DigitGlyphs.ByDigit[digit], ref random);
        float radius = random.Uniform(0.8f, 1.9f);
        path.Write(glyph, radius, random.Uniform(1.5f, 4.5f), pressure: 0.1f, ref random);
        path.Bend(0.1f, ref random);
        Place(path.Points, ref random);

        float halfWidth = random.Uniform(0.5f, 0.9f);
        StrokeCanvas canvas = new(stackalloc float[Side * Side], Side);
        path.Draw(canvas, halfWidth);
        canvas.Develop(pixels, halfWidth, random.Uniform(0.9f, 1.1f), random.Uniform(0.01f, 0.05f), ref random);
        return (byte)digit;
    }

    /// <summary>
    /// A random affine map, then MNIST's own normalisation: the ink fits a box of about 20 × 20 pixels, its centre of mass lies about
    /// the middle of the image.
    /// </summary>
    private static void Place(Span<PenPoint> points, ref PhiloxSequence random)
    {
        float widening = random.Uniform(0.65f, 1.25f);
        float shear = 0.15f + random.Bell(0.22f);
        Rotation rotation = Rotation.OfHalfTangent(random.Bell(0.08f));
        float left = float.MaxValue, right = float.MinValue, top = float.MaxValue, bottom = float.MinValue, radius = 0;
        foreach (ref PenPoint point in points)
        {
            float y = point.Y - 50;
            (float movedX, float movedY) = rotation.Turn(((point.X - 50) * widening) - (shear * y), y);
            point = point with { X = movedX, Y = movedY };
            (left, right) = (MathF.Min(left, movedX), MathF.Max(right, movedX));
            (top, bottom) = (MathF.Min(top, movedY), MathF.Max(bottom, movedY));
            radius = MathF.Max(radius, point.Radius);
        }
        float scale = (random.Uniform(18.5f, 20.5f) - (2 * radius)) / MathF.Max(right - left, bottom - top);
        float massX = 0, massY = 0, mass = 0;
        for (int i = 0; i + 1 < points.Length; i++)
        {
            float alongX = points[i + 1].X - points[i].X, alongY = points[i + 1].Y - points[i].Y;
            float length = MathF.Sqrt((alongX * alongX) + (alongY * alongY));
            massX += length * (points[i].X + points[i + 1].X) / 2;
            massY += length * (points[i].Y + points[i + 1].Y) / 2;
            mass += length;
        }
        float shiftX = (Side / 2f) - (scale * massX / mass) + random.Bell(0.6f);
        float shiftY = (Side / 2f) - (scale * massY / mass) + random.Bell(0.6f);
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = points[i] with { X = (scale * points[i].X) + shiftX, Y = (scale * points[i].Y) + shiftY };
        }
    }
}
