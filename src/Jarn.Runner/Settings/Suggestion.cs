namespace Jarn.Runner.Settings;

/// <summary>The word that was meant, where another was typed.</summary>
public static class Suggestion
{
    /// <summary>The nearest of some words; null where none is near.</summary>
    public static string? For(string typed, IEnumerable<string> words)
    {
        string? nearest = null;
        // One slip of the hand in three letters.
        int least = Math.Max(1, typed.Length / 3) + 1;
        foreach (string word in words)
        {
            int distance = Distance(typed.ToLowerInvariant(), word.ToLowerInvariant());
            if (distance < least)
            {
                (nearest, least) = (word, distance);
            }
        }
        return nearest;
    }

    /// <summary>Ends an error message with ", did you mean X?" if some word is similar; otherwise empty.</summary>
    /// <param name="typed">The unknown word.</param>
    /// <param name="words">The known words.</param>
    /// <param name="prefix">What stands before a word, such as dashes.</param>
    public static string Question(string typed, IEnumerable<string> words, string prefix = "") =>
        For(typed, words) is string word ? $"; did you mean {prefix}{word}?" : "";

    /// <summary>The fewest letters put in, left out, changed, or swapped with their neighbour that make one word of the other.</summary>
    private static int Distance(string a, string b)
    {
        int[,] table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }
                int changed = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(changed, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }
        return table[a.Length, b.Length];
    }
}
