namespace Jarn.Models;

/// <summary>
/// A classifier whose weights are finite and whose logits are not: sums overflow. It has no accuracy, neither with nor without an attack, and
/// whatever else is computed of its logits means nothing.
/// </summary>
/// <param name="count">Images with a logit that is infinite or NaN.</param>
/// <param name="total">All images that were classified.</param>
public sealed class NonFiniteLogitsException(int count, int total)
    : Exception($"{InWords(count, total)}, so there is nothing to measure: its weights are too large for float32")
{
    /// <summary>Images with a logit that is infinite or NaN.</summary>
    public int Count => count;

    /// <summary>The fault in words, for so many images.</summary>
    public static string InWords(int count, int total) =>
        total == 1
            ? "the classifier's logits are infinite or NaN for this image"
            : $"the classifier's logits are infinite or NaN for {count} of {total} images";

    /// <summary>The number of images with an infinite or NaN logit.</summary>
    public static int CountIn(ReadOnlySpan<float> logits, int classes)
    {
        int count = 0;
        for (int row = 0; row < logits.Length / classes; row++)
        {
            foreach (float logit in logits.Slice(row * classes, classes))
            {
                if (!float.IsFinite(logit))
                {
                    count++;
                    break;
                }
            }
        }
        return count;
    }

    /// <exception cref="NonFiniteLogitsException">A logit is infinite or NaN.</exception>
    public static void ThrowIfAny(ReadOnlySpan<float> logits, int classes) => ThrowIf(CountIn(logits, classes), logits.Length / classes);

    /// <exception cref="NonFiniteLogitsException">The count is above 0.</exception>
    public static void ThrowIf(int count, int total)
    {
        if (count > 0)
        {
            throw new NonFiniteLogitsException(count, total);
        }
    }
}
