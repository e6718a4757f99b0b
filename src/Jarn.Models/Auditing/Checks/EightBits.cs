namespace Jarn.Models;

/// <summary>
/// Adversarial examples must exist among images of 8 bits too: else no file can carry them. AutoAttack's are rounded to pixels of k/255 that lie
/// within ε, and where that undoes one, a few steps of one level each look for another beside it. Where ε is no whole number of levels, 8-bit images
/// reach less far than AutoAttack's: honest defences lose nothing by that, and so the verdict is that of the next larger whole number, within which
/// 8-bit images can follow AutoAttack's everywhere.
/// </summary>
public sealed class EightBits : IMaskingCheck
{
    private const int Levels = 255, Steps = 20;

    /// <summary>Points of a hundred that rounding may give back.</summary>
    private const double Doubtful = 5, Failed = 10;

    public string Name => "eight-bits";

    public CheckResult Examine(AuditEvidence evidence)
    {
        if (evidence.AutoAttack is not AutoAttackResult autoAttack)
        {
            return CheckResult.Skipped(Name, "AutoAttack was not run, so there are no images to round");
        }
        double levels = evidence.Threat.Epsilon * Levels;
        int within = (int)Math.Floor(levels + 1e-9), around = (int)Math.Ceiling(levels - 1e-9);
        int[] broken = [.. autoAttack.Record.Adversarial];
        float[] points = autoAttack.Images.Select(broken, autoAttack.Adversarial).Pixels;
        AttackResult unrounded = autoAttack.Figures[^1].Result;
        bool[] robustWithin = Robust(within), robust = around == within ? robustWithin : Robust(around);

        string text = $"AutoAttack leaves {Share.Text(unrounded.Accuracy)}; with its images stored in 8 bits, {Share.Text(Accuracy(robustWithin))}"
            + (around == within ? "" : $" within {within}/{Levels} and {Share.Text(Accuracy(robust))} within {around}/{Levels}");
        PairedComparison comparison = PairedComparison.Of(unrounded.Robust, robust);
        double gap = comparison.SecondLeavesMore ? comparison.Excess : 0;
        (CheckOutcome outcome, string verdict) =
            gap > Failed ? (CheckOutcome.Failed, $"{text}: the attack relies on differences that no image file can hold")
            : gap > Doubtful ? (CheckOutcome.Doubtful, $"{text}: rounding undoes more of the attack than usual")
            : (CheckOutcome.Passed, text);
        return new CheckResult(Name, outcome, verdict, new Dictionary<string, double>
        {
            ["autoattack"] = unrounded.Accuracy,
            ["autoattack_8_bit"] = Accuracy(robustWithin),
            ["autoattack_8_bit_around"] = Accuracy(robust),
        });

        bool[] Robust(int reach)
        {
            bool[] fallen = Search(evidence.Subject, broken, points, reach), left = [.. unrounded.Robust];
            foreach ((int place, int image) in broken.Index())
            {
                left[image] = !fallen[place];
            }
            return left;
        }
    }

    private static double Accuracy(bool[] robust) => 100.0 * robust.Count(isRobust => isRobust) / robust.Length;

    /// <summary>
    /// Whether each image is classified wrongly at the 8-bit image next to its point, or a few steps from there, up the gradient of the margin.
    /// </summary>
    /// <param name="images">The indices of the images to search.</param>
    /// <param name="points">One row of H·W·C pixels per image; receives the point where the search ended.</param>
    /// <param name="reach">How many of the 255 levels a pixel may be away from the original.</param>
    private static bool[] Search(AuditSubject subject, int[] images, float[] points, int reach)
    {
        IClassifier classifier = subject.Classifier;
        int pixels = subject.Images.PixelsPerImage, classes = classifier.Classes;
        bool[] broken = new bool[images.Length];
        int[] left = [.. Enumerable.Range(0, images.Length)];
        for (int place = 0; place < images.Length; place++)
        {
            Round(subject.Images.Row(images[place]), points.AsSpan(place * pixels, pixels), reach);
        }
        for (int step = 0; step <= Steps && left.Length > 0; step++)
        {
            float[] tried = [.. left.SelectMany(place => points.AsSpan(place * pixels, pixels).ToArray())], gradients = new float[tried.Length];
            float[] logits = new float[left.Length * classes];
            int[] labels = [.. left.Select(place => subject.Images.Labels[images[place]])];
            classifier.Gradients(
                tried, (row, scores, cotangent) => Margin(scores, labels[row], cotangent), logits, new double[left.Length], gradients);
            for (int row = 0; row < left.Length; row++)
            {
                int place = left[row];
                broken[place] = !Decision.IsRight(logits.AsSpan(row * classes, classes), labels[row]);
                if (!broken[place])
                {
                    Span<float> point = points.AsSpan(place * pixels, pixels);
                    for (int i = 0; i < pixels; i++)
                    {
                        float slope = gradients[(row * pixels) + i];
                        point[i] += (slope > 0 ? 1f : slope < 0 ? -1f : 0f) / Levels;
                    }
                    Round(subject.Images.Row(images[place]), point, reach);
                }
            }
            left = [.. left.Where(place => !broken[place])];
        }
        return broken;
    }

    /// <summary>To the nearest level that is within reach of the original's and within the range of pixels.</summary>
    private static void Round(ReadOnlySpan<float> original, Span<float> point, int reach)
    {
        for (int i = 0; i < point.Length; i++)
        {
            float level = MathF.Round(original[i] * Levels);
            point[i] = Math.Clamp(MathF.Round(point[i] * Levels), Math.Max(0, level - reach), Math.Min(Levels, level + reach)) / Levels;
        }
    }

    /// <summary>The largest wrong logit less the label's.</summary>
    private static double Margin(ReadOnlySpan<float> logits, int label, Span<float> cotangent)
    {
        int wrong = Decision.WrongClasses(logits, label)[0];
        (cotangent[label], cotangent[wrong]) = (-1, 1);
        return logits[wrong] - logits[label];
    }
}
