using System.Globalization;

namespace Jarn.Runner.Data;

/// <summary>A point that the pen passes through: in hundredths of the digit's height, x to the right, y down; at a corner it turns sharply.</summary>
internal readonly record struct Knot(float X, float Y, bool IsCorner);

/// <summary>A way to write a digit: strokes, each the smooth curve through its knots.</summary>
internal sealed class Glyph
{
    /// <param name="weight">How often it is chosen, relative to other ways of writing the digit.</param>
    /// <param name="strokes">"x,y x,y …": strokes parted by "|"; a corner ends in "*".</param>
    public Glyph(int weight, string strokes)
    {
        Weight = weight;
        Strokes = [.. strokes.Split('|').Select(stroke => stroke.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParseKnot).ToArray())];
    }

    public int Weight { get; }

    public Knot[][] Strokes { get; }

    private static Knot ParseKnot(string text)
    {
        string[] coordinates = text.TrimEnd('*').Split(',');
        return new Knot(
            float.Parse(coordinates[0], CultureInfo.InvariantCulture), float.Parse(coordinates[1], CultureInfo.InvariantCulture), text.EndsWith('*'));
    }
}

/// <summary>The ways in which people write the ten digits.</summary>
internal static class DigitGlyphs
{
    /// <summary>Glyphs by digit, then by way of writing.</summary>
    public static Glyph[][] ByDigit { get; } =
    [
        [
            new(4, "54,3 28,16 16,50 26,84 50,97 74,84 84,50 74,17 48,3"),
            new(2, "66,8 44,3 24,24 16,58 30,92 54,95 76,74 84,40 70,12 48,8"),
            new(1, "40,4 22,30 20,70 44,97 68,84 78,44 62,8 30,6"),
        ],
        [
            new(5, "52,2 50,50 48,98"),
            new(2, "32,24 50,3* 50,50 50,98"),
            new(1, "32,22 50,3* 50,50 50,96 | 24,97 50,96 76,97"),
        ],
        [
            new(3, "18,26 30,7 54,3 74,18 70,42 46,68 16,95* 50,93 86,95"),
            new(3, "16,24 36,4 64,8 70,32 50,64 26,88 12,82 26,72 52,88 88,92"),
            new(1, "22,20 48,3 72,16 64,44 40,72 18,92* 46,84 66,96 88,86"),
            new(1, "14,14 40,8 72,8* 50,46 22,92* 52,91 84,92"),
        ],
        [
            new(4, "20,14 46,3 72,16 66,38 42,48* 70,56 80,76 54,96 16,88"),
            new(1, "18,5 48,4 76,5* 60,26 44,42* 72,54 78,78 52,97 18,88"),
            new(2, "22,10 54,4 68,22 46,44 38,48 66,54 76,76 50,97 14,86"),
        ],
        [
            new(3, "28,4 22,32 18,58* 50,56 88,54 | 70,20 66,60 62,98"),
            new(2, "62,98 63,50 64,3* 38,36 12,66* 50,65 90,64"),
            new(3, "24,6 20,36 32,54 54,54 74,38 | 80,6 74,38 68,70 64,98"),
            new(1, "26,8 16,44 28,58 60,50 78,6* 70,50 62,98"),
        ],
        [
            new(3, "82,5 56,5 32,6* 28,26 24,44* 50,40 76,54 76,82 48,97 16,88"),
            new(2, "30,8 26,26 24,44* 52,38 78,56 72,84 46,97 16,90 | 30,8 56,6 84,4"),
            new(1, "78,10 46,8 28,28 44,44 72,62 70,88 44,97 18,86"),
        ],
        [
            new(4, "68,4 40,24 22,56 26,88 50,97 74,86 74,64 52,54 28,68"),
            new(2, "56,2 36,34 26,70 40,96 66,92 72,72 54,62 34,78"),
            new(1, "76,12 56,4 30,26 20,64 34,94 60,94 72,74 54,58 24,70"),
            new(2, "38,3 20,36 16,72 36,96 66,94 82,76 68,58 46,66 38,90"),
        ],
        [
            new(4, "16,10 48,8 82,6* 62,44 48,98"),
            new(1, "16,10 48,8 82,6* 62,44 48,98 | 34,54 56,52 78,50"),
            new(1, "18,24 18,8* 50,8 82,6* 58,50 46,98"),
            new(2, "16,18 30,6 62,10 80,8 70,36 56,66 46,98"),
            new(1, "22,30 26,10 54,3 74,16 70,44 58,72 50,98"),
        ],
        [
            new(4, "72,16 48,3 28,18 40,40 66,60 74,82 48,97 26,82 36,60 62,40 72,16"),
            new(1, "50,3 30,12 30,36 50,46 70,36 70,12 50,3 | 50,46 26,58 24,86 50,97 76,86 74,58 50,46"),
            new(1, "76,8 44,6 30,24 50,44 70,68 64,92 40,96 28,78 48,50 78,8"),
        ],
        [
            new(3, "74,20 52,3 28,14 24,38 46,50 68,38 74,18* 72,58 66,98"),
            new(2, "74,22 50,3 28,18 28,42 50,50 72,34 75,20 74,60 58,92 28,92"),
            new(1, "68,10 40,6 26,30 42,48 66,34 76,8* 66,54 54,98"),
        ],
    ];
}
