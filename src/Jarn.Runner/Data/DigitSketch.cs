using Jarn.Kernels;

namespace Jarn.Runner.Data;

/// <summary>
/// Drawn digits of MNIST's shapes, for a machine that has no data and cannot get any. One and the same data set in every run: image i of
/// either part depends on i alone. Additions, products, quotients and square roots only, which IEEE 754 rounds alike everywhere.
/// </summary>
public static class DigitSketch
{
    /// <summary>Never to be taken for MNIST itself.</summary>
    public const string DatasetName = "mnist-sketch";

    public const int TrainCount = 60_000;
    public const int TestCount = 10_000;

    private const int Side = 28;
    private const int StepsPerSpan = 6;
    private const int MaximumPoints = 160;
    private const ulong DefaultSeed = 0x6d6e_6973_742d_736b;
    private const ulong TrainStream = 0;
    private const ulong TestStream = 1;

    // An image takes fewer than 2¹² blocks: at most one for every pixel's grain and some for the pen.
    private const int BlockBitsPerImage = 12;

    public static StandIn StandIn { get; } = new(DatasetName, "drawn digits", Train, Test);

    /// <summary>The first <paramref name="count"/> training images, at most <see cref="TrainCount"/>.</summary>
    public static ImageSet Train(int count) => DrawSet(Math.Min(count, TrainCount), new RandomKey(DefaultSeed, TrainStream));

    /// <summary>The first <paramref name="count"/> test images, at most <see cref="TestCount"/>.</summary>
    public static ImageSet Test(int count) => DrawSet(Math.Min(count, TestCount), new RandomKey(DefaultSeed, TestStream));

    private static ImageSet DrawSet(int count, RandomKey key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        byte[] pixels = new byte[count * Side * Side];
        byte[] labels = new byte[count];
        Parallel.For(0, count, i => labels[i] = Draw(key, i, pixels.AsSpan(i * Side * Side, Side * Side)));
        return new ImageSet(pixels, labels, Side, Side, 1, DatasetSource.Mnist.ClassNames);
    }

    /// <summary>Draws image <paramref name="index"/> of a stream, a digit chosen uniformly; returns its label.</summary>
    /// <param name="key">Seed and stream.</param>
    /// <param name="index">Which image.</param>
    /// <param name="pixels">28 × 28.</param>
    public static byte Draw(RandomKey key, int index, Span<byte> pixels)
    {
        PhiloxSequence random = new(key, (ulong)index << BlockBitsPerImage);
        int digit = random.Below(DigitGlyphs.ByDigit.Length);
        Span<PenPoint> points = stackalloc PenPoint[MaximumPoints];
        Span<bool> begins = stackalloc bool[MaximumPoints];
        int count = Write(Choose(DigitGlyphs.ByDigit[digit], ref random), ref random, points, begins);
        points = points[..count];
        Bend(points, ref random);
        Place(points, ref random);

        float halfWidth = random.Uniform(0.5f, 0.9f);
        StrokeCanvas canvas = new(stackalloc float[Side * Side], Side);
        for (int i = 0; i + 1 < count; i++)
        {
            if (!begins[i + 1])
            {
                canvas.Draw(points[i], points[i + 1], halfWidth);
            }
        }
        canvas.Develop(pixels, halfWidth, random.Uniform(0.9f, 1.1f), random.Uniform(0.01f, 0.05f), ref random);
        return (byte)digit;
    }

    private static Glyph Choose(Glyph[] glyphs, ref PhiloxSequence random)
    {
        int ticket = random.Below(glyphs.Sum(glyph => glyph.Weight));
        int chosen = 0;
        while (ticket >= glyphs[chosen].Weight)
        {
            ticket -= glyphs[chosen++].Weight;
        }
        return glyphs[chosen];
    }

    /// <summary>
    /// Flattens the glyph, its knots displaced at random and the pen's pressure changing from knot to knot; returns the number of points.
    /// </summary>
    private static int Write(Glyph glyph, ref PhiloxSequence random, Span<PenPoint> points, Span<bool> begins)
    {
        float radius = random.Uniform(0.8f, 1.9f);
        float wobble = random.Uniform(1.5f, 4.5f);
        int count = 0;
        Span<PenPoint> knots = stackalloc PenPoint[16];
        foreach (Knot[] stroke in glyph.Strokes)
        {
            for (int i = 0; i < stroke.Length; i++)
            {
                // A stroke's ends vary most.
                float deviation = i == 0 || i + 1 == stroke.Length ? 1.6f * wobble : wobble;
                knots[i] = new PenPoint(
                    stroke[i].X + random.Bell(deviation), stroke[i].Y + random.Bell(deviation), radius * (1 + random.Bell(0.1f)));
            }
            begins[count] = true;
            points[count++] = knots[0];
            for (int i = 0; i + 1 < stroke.Length; i++)
            {
                PenPoint before = i == 0 || stroke[i].IsCorner ? knots[i] : knots[i - 1];
                PenPoint after = i + 2 == stroke.Length || stroke[i + 1].IsCorner ? knots[i + 1] : knots[i + 2];
                for (int step = 1; step <= StepsPerSpan; step++)
                {
                    begins[count] = false;
                    points[count++] = CatmullRom(before, knots[i], knots[i + 1], after, step / (float)StepsPerSpan);
                }
            }
        }
        return count;
    }

    /// <summary>The cubic from b to c whose slopes there are (c − a)/2 and (d − b)/2.</summary>
    private static PenPoint CatmullRom(PenPoint a, PenPoint b, PenPoint c, PenPoint d, float t)
    {
        return new PenPoint(Blend(a.X, b.X, c.X, d.X, t), Blend(a.Y, b.Y, c.Y, d.Y, t), b.Radius + (t * (c.Radius - b.Radius)));

        static float Blend(float a, float b, float c, float d, float t) =>
            b + (0.5f * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));
    }

    /// <summary>Adds a random quadratic form of the position to the position: bowls grow and shrink, straight lines bow.</summary>
    private static void Bend(Span<PenPoint> points, ref PhiloxSequence random)
    {
        Span<float> form = stackalloc float[6];
        foreach (ref float coefficient in form)
        {
            coefficient = random.Bell(0.1f);
        }
        foreach (ref PenPoint point in points)
        {
            // Within the unit square or little beyond it.
            float x = (point.X / 50) - 1, y = (point.Y / 50) - 1;
            point = point with
            {
                X = point.X + (50 * ((form[0] * x * x) + (form[1] * x * y) + (form[2] * y * y))),
                Y = point.Y + (50 * ((form[3] * x * x) + (form[4] * x * y) + (form[5] * y * y))),
            };
        }
    }

    /// <summary>
    /// A random affine map, then MNIST's own normalisation: the ink fits a box of about 20 × 20 pixels, its centre of mass lies about
    /// the middle of the image.
    /// </summary>
    private static void Place(Span<PenPoint> points, ref PhiloxSequence random)
    {
        float widening = random.Uniform(0.65f, 1.25f);
        float shear = 0.15f + random.Bell(0.22f);
        // Half the angle's tangent gives sine and cosine by arithmetic alone.
        float tangent = random.Bell(0.08f);
        float cosine = (1 - (tangent * tangent)) / (1 + (tangent * tangent));
        float sine = 2 * tangent / (1 + (tangent * tangent));
        float left = float.MaxValue, right = float.MinValue, top = float.MaxValue, bottom = float.MinValue, radius = 0;
        for (int i = 0; i < points.Length; i++)
        {
            float y = points[i].Y - 50;
            float x = ((points[i].X - 50) * widening) - (shear * y);
            PenPoint moved = points[i] with { X = (cosine * x) - (sine * y), Y = (sine * x) + (cosine * y) };
            points[i] = moved;
            (left, right) = (MathF.Min(left, moved.X), MathF.Max(right, moved.X));
            (top, bottom) = (MathF.Min(top, moved.Y), MathF.Max(bottom, moved.Y));
            radius = MathF.Max(radius, moved.Radius);
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
