namespace Jarn.Models;

/// <summary>The step size of PGD if none is given.</summary>
public static class AttackStep
{
    /// <summary>
    /// 2/255 for colour, whatever ε (paper); for grey images, where the paper is silent, max(0.01, 2.5·ε/k), which reaches the ball's surface
    /// within few iterations too.
    /// </summary>
    /// <param name="channels">The number of colour channels: 1 for grey images.</param>
    /// <param name="epsilon">ε in units of the pixel range [0, 1], like the step.</param>
    /// <param name="iterations">The number of steps k.</param>
    public static double For(int channels, double epsilon, int iterations) =>
        channels == 1 ? Math.Max(0.01, 2.5 * epsilon / iterations) : 2.0 / 255;
}
