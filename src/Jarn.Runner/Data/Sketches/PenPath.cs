using Jarn.Kernels;

namespace Jarn.Runner.Data;

/// <summary>A point of a flattened stroke: position and pen radius, in pixels, from the image's upper left corner.</summary>
internal readonly record struct PenPoint(float X, float Y, float Radius);

/// <summary>The strokes that a pen writes: the points of a glyph's flattened strokes, at first in hundredths of the glyph.</summary>
/// <param name="points">Working memory for <see cref="MaximumPoints"/> points.</param>
/// <param name="begins">Working memory of the same length.</param>
internal ref struct PenPath(Span<PenPoint> points, Span<bool> begins)
{
    public const int MaximumPoints = 160;

    private const int StepsPerSpan = 6;

    private readonly Span<PenPoint> _points = points;
    private readonly Span<bool> _begins = begins;
    private int _count;

    public readonly Span<PenPoint> Points => _points[.._count];

    /// <summary>Draws one of a digit's ways of writing, by their weights.</summary>
    public static Glyph Choose(Glyph[] glyphs, ref PhiloxSequence random)
    {
        int ticket = random.Below(glyphs.Sum(glyph => glyph.Weight));
        int chosen = 0;
        while (ticket >= glyphs[chosen].Weight)
        {
            ticket -= glyphs[chosen++].Weight;
        }
        return glyphs[chosen];
    }

    /// <summary>Flattens a glyph, its knots displaced at random and the pen's pressure changing from knot to knot.</summary>
    /// <param name="glyph">The glyph to write. It replaces what was written before.</param>
    /// <param name="radius">The radius of the pen, in pixels.</param>
    /// <param name="wobble">The standard deviation of a knot, in hundredths of the glyph.</param>
    /// <param name="pressure">The relative standard deviation of the radius.</param>
    public void Write(Glyph glyph, float radius, float wobble, float pressure, ref PhiloxSequence random)
    {
        _count = 0;
        Span<PenPoint> knots = stackalloc PenPoint[16];
        foreach (Knot[] stroke in glyph.Strokes)
        {
            for (int i = 0; i < stroke.Length; i++)
            {
                // A stroke's ends vary most.
                float deviation = i == 0 || i + 1 == stroke.Length ? 1.6f * wobble : wobble;
                knots[i] = new PenPoint(
                    stroke[i].X + random.Bell(deviation), stroke[i].Y + random.Bell(deviation), radius * (1 + random.Bell(pressure)));
            }
            Add(knots[0], begins: true);
            for (int i = 0; i + 1 < stroke.Length; i++)
            {
                PenPoint before = i == 0 || stroke[i].IsCorner ? knots[i] : knots[i - 1];
                PenPoint after = i + 2 == stroke.Length || stroke[i + 1].IsCorner ? knots[i + 1] : knots[i + 2];
                for (int step = 1; step <= StepsPerSpan; step++)
                {
                    Add(CatmullRom(before, knots[i], knots[i + 1], after, step / (float)StepsPerSpan), begins: false);
                }
            }
        }
    }

    /// <summary>Adds a random quadratic form of the position to the position: bowls grow and shrink, straight lines bow.</summary>
    public readonly void Bend(float deviation, ref PhiloxSequence random)
    {
        Span<float> form = stackalloc float[6];
        foreach (ref float coefficient in form)
        {
            coefficient = random.Bell(deviation);
        }
        foreach (ref PenPoint point in Points)
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

    /// <summary>Draws the strokes, whose points must be in pixels.</summary>
    /// <param name="reach">How far beyond the ink's edge distances are needed.</param>
    public readonly void Draw(StrokeCanvas canvas, float reach)
    {
        for (int i = 0; i + 1 < _count; i++)
        {
            if (!_begins[i + 1])
            {
                canvas.Draw(_points[i], _points[i + 1], reach);
            }
        }
    }

    private void Add(PenPoint point, bool begins)
    {
        _begins[_count] = begins;
        _points[_count++] = point;
    }

    /// <summary>The cubic from b to c whose slopes there are (c − a)/2 and (d − b)/2.</summary>
    private static PenPoint CatmullRom(PenPoint a, PenPoint b, PenPoint c, PenPoint d, float t)
    {
        return new PenPoint(Blend(a.X, b.X, c.X, d.X, t), Blend(a.Y, b.Y, c.Y, d.Y, t), b.Radius + (t * (c.Radius - b.Radius)));

        static float Blend(float a, float b, float c, float d, float t) =>
            b + (0.5f * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));
    }
}
