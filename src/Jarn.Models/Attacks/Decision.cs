namespace Jarn.Models;

/// <summary>Reads a classifier's decision from its logits.</summary>
public static class Decision
{
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
    public static float Margin(ReadOnlySpan<float> logits, int label)
    {
        float other = float.NegativeInfinity;
        for (int i = 0; i < logits.Length; i++)
        {
            other = i == label ? other : Math.Max(other, logits[i]);
        }
        return logits[label] - other;
    }

    /// <summary>The classes that are not the label, that of the largest logit first: targeted attacks take them in this order.</summary>
    public static int[] WrongClasses(ReadOnlySpan<float> logits, int label)
    {
        int[] order = new int[logits.Length];
        LogitLosses.Largest(logits, order);
        return [.. order.Where(other => other != label)];
    }
}
