namespace Jarn.Runner.Data;

/// <summary>A point of a flattened stroke: position and pen radius, in pixels, from the image's upper left corner.</summary>
internal readonly record struct PenPoint(float X, float Y, float Radius);

/// <summary>
/// Anti-aliased strokes: holds for every pixel the signed distance of its centre to the nearest edge of the ink, negative inside.
/// </summary>
internal readonly ref struct StrokeCanvas
{
    private const float Far = 1e3f;

    private readonly Span<float> _distances;
    private readonly int _side;

    /// <param name="distances">side × side pixels of working memory.</param>
    /// <param name="side">Height and width of the image.</param>
    public StrokeCanvas(Span<float> distances, int side)
    {
        _distances = distances;
        _side = side;
        distances.Fill(Far);
    }

    /// <summary>Draws a segment between two points, its radius interpolated.</summary>
    /// <param name="a">One end.</param>
    /// <param name="b">The other.</param>
    /// <param name="reach">How far beyond the ink's edge distances are needed.</param>
    public void Draw(PenPoint a, PenPoint b, float reach)
    {
        float margin = MathF.Max(a.Radius, b.Radius) + reach;
        int left = Math.Max(0, (int)(MathF.Min(a.X, b.X) - margin));
        int right = Math.Min(_side - 1, (int)(MathF.Max(a.X, b.X) + margin));
        int top = Math.Max(0, (int)(MathF.Min(a.Y, b.Y) - margin));
        int bottom = Math.Min(_side - 1, (int)(MathF.Max(a.Y, b.Y) + margin));
        float alongX = b.X - a.X, alongY = b.Y - a.Y;
        float inverseSquare = 1 / MathF.Max(1e-6f, (alongX * alongX) + (alongY * alongY));
        for (int row = top; row <= bottom; row++)
        {
            for (int column = left; column <= right; column++)
            {
                float fromX = column + 0.5f - a.X, fromY = row + 0.5f - a.Y;
                float along = Math.Clamp(((fromX * alongX) + (fromY * alongY)) * inverseSquare, 0, 1);
                float offX = fromX - (along * alongX), offY = fromY - (along * alongY);
                float distance = MathF.Sqrt((offX * offX) + (offY * offY)) - a.Radius - (along * (b.Radius - a.Radius));
                ref float nearest = ref _distances[(row * _side) + column];
                nearest = MathF.Min(nearest, distance);
            }
        }
    }

    /// <summary>Inks the pixels: a smooth step across the edge, as anti-aliasing followed by a slight blur gives it.</summary>
    /// <param name="pixels">side × side bytes, 0 for paper.</param>
    /// <param name="halfWidth">Of the step, in pixels.</param>
    /// <param name="ink">Of a fully inked pixel, in [0, 1].</param>
    /// <param name="grain">Deviation of the noise, relative to a pixel's ink: the paper stays clean.</param>
    /// <param name="random">The noise's source.</param>
    public void Develop(Span<byte> pixels, float halfWidth, float ink, float grain, ref PhiloxSequence random)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            float t = Math.Clamp(0.5f - (_distances[i] / (2 * halfWidth)), 0, 1);
            if (t == 0)
            {
                pixels[i] = 0;
                continue;
            }
            float value = t * t * (3 - (2 * t)) * (ink + random.Bell(grain));
            pixels[i] = (byte)((Math.Clamp(value, 0, 1) * 255) + 0.5f);
        }
    }
}
