using System.Numerics;
using Jarn.Kernels;

namespace Jarn.Runner.Data;

/// <summary>A square picture in colour, painted layer over layer.</summary>
/// <param name="colours">side × side pixels of working memory.</param>
/// <param name="side">Height and width of the image.</param>
internal readonly ref struct ColourCanvas(Span<Vector3> colours, int side)
{
    private readonly Span<Vector3> _colours = colours;
    private readonly int _side = side;

    /// <summary>
    /// Covers everything with a colour that varies: random at the corners of a grid, interpolated in between; one cell gives a gradient.
    /// </summary>
    /// <param name="colour">The mean colour.</param>
    /// <param name="cells">The number of the grid's cells in either direction.</param>
    /// <param name="deviation">The standard deviation of the luminance at a corner; that of the hue is half of it.</param>
    public void Wash(Vector3 colour, int cells, float deviation, ref PhiloxSequence random)
    {
        int corners = cells + 1;
        Span<Vector3> grid = stackalloc Vector3[corners * corners];
        foreach (ref Vector3 corner in grid)
        {
            corner = colour + Colour.OfLuminance(random.Bell(deviation), deviation / 2, ref random);
        }
        float cellsPerPixel = cells / (float)_side;
        for (int row = 0; row < _side; row++)
        {
            float y = (row + 0.5f) * cellsPerPixel;
            int above = (int)y * corners;
            for (int column = 0; column < _side; column++)
            {
                float x = (column + 0.5f) * cellsPerPixel;
                int corner = above + (int)x;
                Vector3 upper = Colour.Mix(grid[corner], grid[corner + 1], x - (int)x);
                Vector3 lower = Colour.Mix(grid[corner + corners], grid[corner + corners + 1], x - (int)x);
                _colours[(row * _side) + column] = Colour.Mix(upper, lower, y - (int)y);
            }
        }
    }

    /// <summary>Paints a form over what is there.</summary>
    /// <param name="distances">The signed distance of each pixel's centre to the form's edge, negative inside.</param>
    /// <param name="halfWidth">Half the width of the blurred edge, in pixels.</param>
    public void Paint(ReadOnlySpan<float> distances, float halfWidth, Vector3 colour)
    {
        for (int i = 0; i < distances.Length; i++)
        {
            float share = StrokeCanvas.Coverage(distances[i], halfWidth);
            if (share > 0)
            {
                _colours[i] = Colour.Mix(_colours[i], colour, share);
            }
        }
    }

    /// <summary>Adds a camera's noise and rounds.</summary>
    /// <param name="pixels">side × side × 3 bytes.</param>
    /// <param name="noise">The most that it adds to a channel or takes from it: half of it in all channels alike.</param>
    public void Develop(Span<byte> pixels, float noise, ref PhiloxSequence random)
    {
        for (int i = 0; i < _colours.Length; i++)
        {
            uint word = random.Next();
            Vector3 own = new(word & 255, (word >> 8) & 255, (word >> 16) & 255);
            Vector3 light = _colours[i] + (noise / 255 * (own + new Vector3((word >> 24) - 255f)));
            light = (Vector3.Clamp(light, Vector3.Zero, Vector3.One) * 255) + new Vector3(0.5f);
            pixels[3 * i] = (byte)light.X;
            pixels[(3 * i) + 1] = (byte)light.Y;
            pixels[(3 * i) + 2] = (byte)light.Z;
        }
    }
}
