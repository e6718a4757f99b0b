using System.Numerics;
using Jarn.Kernels;

namespace Jarn.Runner.Data;

/// <summary>Drawn house numbers of SVHN's shapes: the digit in the middle counts, its neighbours are cut off at the edges.</summary>
public static class SvhnSketch
{
    /// <summary>Never to be taken for SVHN itself.</summary>
    public const string DatasetName = "svhn-sketch";

    private const int Side = 32;

    public static Sketch Sketch { get; } = new(0x7376_686e_2d73_6b65, 73_257, 26_032, Side, 3, PublishedDataset.Mnist.ClassNames, Draw);

    public static StandIn StandIn { get; } = new(DatasetName, "drawn house numbers", Sketch.Train, Sketch.Test);

    private static byte Draw(ref PhiloxSequence random, Span<byte> pixels)
    {
        int digit = random.Below(DigitGlyphs.ByDigit.Length);
        float height = random.Uniform(18, 28);
        float radius = height * random.Uniform(0.04f, 0.1f);
        float halfWidth = random.Uniform(0.6f, 2.4f);
        View view = View.Random(height, ref random);
        StrokeCanvas strokes = new(stackalloc float[Side * Side], Side);
        PenPath path = new(stackalloc PenPoint[PenPath.MaximumPoints], stackalloc bool[PenPath.MaximumPoints]);
        float spacing = random.Uniform(80, 100);
        for (int place = -1; place <= 1; place++)
        {
            if (place == 0 || random.Below(3) > 0)
            {
                Glyph[] ways = DigitGlyphs.ByDigit[place == 0 ? digit : random.Below(DigitGlyphs.ByDigit.Length)];
                path.Write(PenPath.Choose(ways, ref random), radius, wobble: 2, pressure: 0.04f, ref random);
                path.Bend(0.07f, ref random);
                view.See(path.Points, place * spacing);
                path.Draw(strokes, halfWidth);
            }
        }

        // Weak contrast is frequent: the square of a uniform number.
        float strength = random.Uniform(0, 1);
        (Vector3 wall, Vector3 paint) = Colour.Pair(0.12f + (0.6f * strength * strength), 0.12f, ref random);
        ColourCanvas canvas = new(stackalloc Vector3[Side * Side], Side);
        canvas.Wash(wall, cells: 1, 0.07f, ref random);
        canvas.Paint(strokes.Distances, halfWidth, paint);
        canvas.Develop(pixels, random.Uniform(0.01f, 0.08f), ref random);
        return (byte)digit;
    }

    /// <summary>Maps hundredths of a digit's height to pixels: widened, slanted and turned, then seen a little from the side.</summary>
    private readonly record struct View(
        float Scale, float Widening, float Shear, Rotation Rotation, float CentreX, float CentreY, float NearingX, float NearingY)
    {
        public static View Random(float height, ref PhiloxSequence random) => new(
            height / 94,
            random.Uniform(0.6f, 1),
            0.05f + random.Bell(0.15f),
            Rotation.OfHalfTangent(random.Bell(0.07f)),
            (Side / 2f) + random.Bell(1),
            (Side / 2f) + random.Bell(1),
            random.Bell(0.0015f),
            random.Bell(0.0015f));

        public void See(Span<PenPoint> points, float offset)
        {
            foreach (ref PenPoint point in points)
            {
                float down = point.Y - 50;
                (float x, float y) = Rotation.Turn(((point.X - 50 + offset) * Widening) - (Shear * down), down);
                float nearness = Scale / (1 + (NearingX * x) + (NearingY * y));
                point = new PenPoint(CentreX + (nearness * x), CentreY + (nearness * y), point.Radius * nearness / Scale);
            }
        }
    }
}
