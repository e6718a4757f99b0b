using System.Numerics;
using Jarn.Kernels;

namespace Jarn.Runner.Data;

/// <summary>Drawn shapes and textures of CIFAR-10's shapes: what the form is counts, in any colour, size, place and direction.</summary>
public static class CifarSketch
{
    /// <summary>Never to be taken for CIFAR-10 itself.</summary>
    public const string DatasetName = "cifar10-sketch";

    private const int Side = 32;
    private const int MostScratches = 3;

    private static readonly (string Name, bool IsTexture, Func<float, float, float> Distance)[] Classes =
    [
        ("disc", false, Figures.Disc), ("ring", false, Figures.Ring), ("square", false, Figures.Square), ("triangle", false, Figures.Triangle),
        ("star", false, Figures.Star), ("cross", false, Figures.Cross),
        ("stripes", true, Figures.Stripes), ("checkers", true, Figures.Checkers), ("dots", true, Figures.Dots), ("waves", true, Figures.Waves),
    ];

    public static Sketch Sketch { get; } = new(
        0x6369_6661_722d_736b, 50_000, 10_000, Side, 3, [.. Classes.Select(figure => figure.Name)], Draw);

    public static StandIn StandIn { get; } = new(DatasetName, "drawn shapes", Sketch.Train, Sketch.Test);

    private static byte Draw(ref PhiloxSequence random, Span<byte> pixels)
    {
        int label = random.Below(Classes.Length);
        float halfWidth = random.Uniform(0.6f, 1.2f);
        (Vector3 back, Vector3 fore) = Colour.Pair(random.Uniform(0.15f, 0.6f), 0.15f, ref random);
        ColourCanvas canvas = new(stackalloc Vector3[Side * Side], Side);
        canvas.Wash(back, cells: 1 + random.Below(5), random.Uniform(0.02f, 0.12f), ref random);

        Span<float> distances = stackalloc float[Side * Side];
        Trace(Classes[label].Distance, Classes[label].IsTexture, ref random, distances);
        canvas.Paint(distances, halfWidth, fore);

        Scratch(canvas, halfWidth, ref random);
        canvas.Develop(pixels, random.Uniform(0.02f, 0.12f), ref random);
        return (byte)label;
    }

    /// <summary>Turns, stretches and places a form; a texture fills a patch.</summary>
    /// <param name="form">The signed distance to the form's edge.</param>
    /// <param name="isTexture">Whether the form fills the plane.</param>
    /// <param name="random">Draws position, size and angle.</param>
    /// <param name="distances">Receives the signed distance of each pixel's centre, in pixels.</param>
    private static void Trace(Func<float, float, float> form, bool isTexture, ref PhiloxSequence random, Span<float> distances)
    {
        // Half tangents up to 1 turn by a right angle to either side; a mirror image gives triangle and star the other directions.
        Rotation rotation = Rotation.OfHalfTangent(random.Uniform(-1, 1));
        float mirrored = random.Below(2) == 0 ? 1 : -1;
        float stretch = random.Uniform(0.8f, 1.25f);
        float size = isTexture ? random.Uniform(5.5f, 10) : random.Uniform(7, 13);
        float patch = isTexture ? random.Uniform(11, 24) : float.MaxValue;
        float centreX = (Side / 2f) + random.Bell(2.5f), centreY = (Side / 2f) + random.Bell(2.5f);
        float phaseX = isTexture ? random.Uniform(0, 1) : 0, phaseY = isTexture ? random.Uniform(0, 1) : 0;
        for (int i = 0; i < distances.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, Side);
            (float x, float y) = rotation.Turn(column + 0.5f - centreX, mirrored * (row + 0.5f - centreY));
            float distance = size * form((x * stretch / size) + phaseX, (y / size) + phaseY);
            distances[i] = MathF.Max(distance, MathF.Sqrt((x * x) + (y * y)) - patch);
        }
    }

    /// <summary>A few thin lines over everything, of any colour.</summary>
    private static void Scratch(ColourCanvas canvas, float halfWidth, ref PhiloxSequence random)
    {
        Span<float> memory = stackalloc float[Side * Side];
        for (int i = random.Below(MostScratches + 1); i > 0; i--)
        {
            StrokeCanvas strokes = new(memory, Side);
            PenPoint from = new(random.Uniform(0, Side), random.Uniform(0, Side), random.Uniform(0.4f, 1));
            strokes.Draw(from, new PenPoint(random.Uniform(0, Side), random.Uniform(0, Side), from.Radius), halfWidth);
            canvas.Paint(strokes.Distances, halfWidth, Colour.OfLuminance(random.Uniform(0, 1), 0.15f, ref random));
        }
    }
}
