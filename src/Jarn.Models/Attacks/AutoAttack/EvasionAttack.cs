namespace Jarn.Models;

/// <summary>The images that an attack is to change.</summary>
/// <param name="Pixels">N rows of H·W·C pixels in [0, 1].</param>
/// <param name="Labels">N true classes.</param>
/// <param name="Indices">
/// N places in their data set: an image's random numbers follow its place and the seed alone, whichever images share its batch.
/// </param>
public sealed record AttackedImages(float[] Pixels, int[] Labels, uint[] Indices)
{
    /// <summary>N.</summary>
    public int Count => Labels.Length;

    /// <summary>H·W·C.</summary>
    public int PixelsPerImage => Count == 0 ? 0 : Pixels.Length / Count;

    /// <summary>The pixels of one.</summary>
    public ReadOnlySpan<float> Row(int row) => Pixels.AsSpan(row * PixelsPerImage, PixelsPerImage);

    /// <summary>Some of them, in this order; <paramref name="pixels"/> may hold other pixels for all N, such as those of x′.</summary>
    public AttackedImages Select(IReadOnlyList<int> rows, float[]? pixels = null)
    {
        int length = PixelsPerImage;
        float[] selected = new float[rows.Count * length];
        for (int i = 0; i < rows.Count; i++)
        {
            (pixels ?? Pixels).AsSpan(rows[i] * length, length).CopyTo(selected.AsSpan(i * length));
        }
        return new AttackedImages(selected, [.. rows.Select(row => Labels[row])], [.. rows.Select(row => Indices[row])]);
    }
}

/// <summary>An attack of AutoAttack (Croce and Hein 2020): looks for x′ with ‖x′ − x‖∞ ≤ ε and pixels in [0, 1] that are classified wrongly.</summary>
/// <param name="epsilon">In units of the pixel range [0, 1].</param>
/// <param name="seed">Same seed, same x′.</param>
public abstract class EvasionAttack(double epsilon, ulong seed)
{
    /// <summary>Classes that a targeted attack heads for; with ten classes or fewer there are fewer wrong ones, or as many.</summary>
    internal const int MostTargets = 9;

    /// <summary>As tables and files call it: apgd-ce, apgd-t, fab-t, square.</summary>
    public abstract string Name { get; }

    /// <summary>In units of the pixel range [0, 1].</summary>
    public double Epsilon { get; } = epsilon;

    /// <summary>Same seed, same x′.</summary>
    public ulong Seed { get; } = seed;

    /// <param name="classifier">Under attack.</param>
    /// <param name="images">Rightly classified ones.</param>
    /// <param name="adversarial">N rows of H·W·C: receives x′ where one was found, and the image itself elsewhere.</param>
    /// <param name="found">Receives whether an x′ was found, N times. A tie with another class, or a logit that is no number, is one.</param>
    public abstract void Run(IAttackedClassifier classifier, AttackedImages images, Span<float> adversarial, Span<bool> found);

    /// <summary>What an image costs that withstands it: for telling how much is left to do.</summary>
    /// <param name="classes">k.</param>
    public abstract PassCount MostPasses(int classes);

    /// <summary>Whether the largest logit is the label's and no other's; with a logit that is no number it never is.</summary>
    public static bool IsRight(ReadOnlySpan<float> logits, int label)
    {
        for (int i = 0; i < logits.Length; i++)
        {
            if (i != label && !(logits[i] < logits[label]))
            {
                return false;
            }
        }
        return !float.IsNaN(logits[label]);
    }

    /// <summary>z_y less the largest other one: how far the label is from being wrong.</summary>
    internal static float Margin(ReadOnlySpan<float> logits, int label)
    {
        float other = float.NegativeInfinity;
        for (int i = 0; i < logits.Length; i++)
        {
            other = i == label ? other : Math.Max(other, logits[i]);
        }
        return logits[label] - other;
    }

    /// <summary>The classes that are not the label, that of the largest logit first: targeted attacks take them in this order.</summary>
    internal static int[] WrongClasses(ReadOnlySpan<float> logits, int label)
    {
        int[] order = new int[logits.Length];
        LogitLosses.Largest(logits, order);
        return [.. order.Where(other => other != label)];
    }
}
