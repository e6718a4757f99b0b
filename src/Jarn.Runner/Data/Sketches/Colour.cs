using System.Numerics;
using Jarn.Kernels;

namespace Jarn.Runner.Data;

/// <summary>Colours are red, green and blue light, 1 for a screen's most.</summary>
internal static class Colour
{
    /// <summary>A random hue of a given luminance.</summary>
    /// <param name="luminance">0 for black, 1 for white.</param>
    /// <param name="saturation">The standard deviation of red and blue from grey.</param>
    public static Vector3 OfLuminance(float luminance, float saturation, ref PhiloxSequence random)
    {
        // Rec. 709: luminance = 0.2126·red + 0.7152·green + 0.0722·blue.
        float red = random.Bell(saturation), blue = random.Bell(saturation);
        return new Vector3(luminance + red, luminance - (0.2973f * red) - (0.101f * blue), luminance + blue);
    }

    /// <summary>Two colours, either the brighter one, whose luminances differ by <paramref name="contrast"/>.</summary>
    public static (Vector3 Back, Vector3 Fore) Pair(float contrast, float saturation, ref PhiloxSequence random)
    {
        float dark = random.Uniform(0.05f, 0.95f - contrast);
        Vector3 darker = OfLuminance(dark, saturation, ref random), brighter = OfLuminance(dark + contrast, saturation, ref random);
        return random.Below(2) == 0 ? (darker, brighter) : (brighter, darker);
    }

    /// <summary>Interpolates from a (share 0) to b (share 1). The library's own rounds once or twice, depending on the machine.</summary>
    public static Vector3 Mix(Vector3 a, Vector3 b, float share) => a + (share * (b - a));
}
