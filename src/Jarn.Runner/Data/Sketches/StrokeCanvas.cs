using System.Runtime.Intrinsics;
using Jarn.Kernels;

namespace Jarn.Runner.Data;

/// <summary>
/// Anti-aliased strokes: holds for every pixel the signed distance of its centre to the nearest edge of the ink, negative inside.
/// </summary>
internal readonly ref struct StrokeCanvas
{
    private const float Far = 1e3f;

    private readonly Span<float> _distances;
    private readonly int _side;

    /// <param name="distances">side × side pixels of working memory.</param>
    /// <param name="side">Height and width of the image, at least 8.</param>
    public StrokeCanvas(Span<float> distances, int side)
    {
        _distances = distances;
        _side = side;
        distances.Fill(Far);
    }

    public ReadOnlySpan<float> Distances => _distances;

    /// <summary>Draws a segment between two points, its radius interpolated.</summary>
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
            float fromY = row + 0.5f - a.Y;
            for (int column = left; column <= right; column += Vector256<float>.Count)
            {
                // At the right end some pixels are met twice, which leaves a minimum as it is.
                int first = Math.Min(column, _side - Vector256<float>.Count);
                Vector256<float> fromX = Vector256<float>.Indices + Vector256.Create(first + 0.5f) - Vector256.Create(a.X);
                Vector256<float> along = ((fromX * alongX) + Vector256.Create(fromY * alongY)) * inverseSquare;
                along = Vector256.Min(Vector256.Max(along, Vector256<float>.Zero), Vector256<float>.One);
                Vector256<float> offX = fromX - (along * alongX), offY = Vector256.Create(fromY) - (along * alongY);
                Vector256<float> distance =
                    Vector256.Sqrt((offX * offX) + (offY * offY)) - Vector256.Create(a.Radius) - (along * (b.Radius - a.Radius));
                Span<float> nearest = _distances.Slice((row * _side) + first, Vector256<float>.Count);
                Vector256.Min(Vector256.Create<float>(nearest), distance).CopyTo(nearest);
            }
        }
    }

    /// <summary>The share of a pixel that is inked: a smooth step across the edge, as anti-aliasing followed by a blur gives it.</summary>
    /// <param name="distance">The signed distance of the pixel's centre to the edge, negative inside.</param>
    /// <param name="halfWidth">Half the width of the step.</param>
    public static float Coverage(float distance, float halfWidth)
    {
        float t = Math.Clamp(0.5f - (distance / (2 * halfWidth)), 0, 1);
        return t * t * (3 - (2 * t));
    }

    /// <summary>Turns the distances into inked pixels.</summary>
    /// <param name="pixels">Receives side × side bytes, 0 for paper.</param>
    /// <param name="halfWidth">Half the width of the ink's edge, in pixels.</param>
    /// <param name="ink">The value of a fully inked pixel, in [0, 1].</param>
    /// <param name="grain">The standard deviation of the noise, relative to a pixel's ink. The paper stays clean.</param>
    public void Develop(Span<byte> pixels, float halfWidth, float ink, float grain, ref PhiloxSequence random)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            float inked = Coverage(_distances[i], halfWidth);
            if (inked == 0)
            {
                pixels[i] = 0;
                continue;
            }
            float value = inked * (ink + random.Bell(grain));
            pixels[i] = (byte)((Math.Clamp(value, 0, 1) * 255) + 0.5f);
        }
    }
}
