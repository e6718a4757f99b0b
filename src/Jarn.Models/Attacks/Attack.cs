namespace Jarn.Models;

/// <summary>Searches for images x′ within a threat model that a classifier gets wrong.</summary>
/// <param name="threat">How far the attack may change an image.</param>
/// <param name="seed">The same seed gives the same x′.</param>
/// <param name="restarts">The number of starts from each image; the worst for the classifier counts.</param>
public abstract class Attack(ThreatModel threat, ulong seed = 0, int restarts = 1)
{
    /// <summary>The permitted rounding error of a logit, relative to the largest: a pass over other images beside it rounds otherwise.</summary>
    private const float LogitRounding = 1e-4f;

    /// <summary>The name on the command line, in tables and files: fgsm, pgd40-margin, apgd-ce, square.</summary>
    public abstract string Name { get; }

    /// <summary>How far the attack may change an image.</summary>
    public ThreatModel Threat { get; } = threat;

    /// <summary>The same seed gives the same x′.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>Starts from each image; the worst for the classifier counts.</summary>
    public int Restarts { get; } = restarts >= 1 ? restarts
        : throw new ArgumentOutOfRangeException(nameof(restarts), restarts, "an attack starts once at least");

    /// <summary>Whether another seed can lead to another x′; restarts without it are all the same.</summary>
    public virtual bool StartsAtRandom => true;

    /// <summary>Whether the search leaves it to <see cref="Run"/> to ask again about each x′ that it claims to have found.</summary>
    protected virtual bool NeedsConfirmation => true;

    /// <summary>The most passes that an image can cost, which is what an image costs that withstands the attack.</summary>
    /// <param name="classes">The number of classes k.</param>
    public abstract PassCount MostPasses(int classes);

    /// <summary>
    /// The search, verified: every x′ is within the threat model, and one that was found is classified wrongly when asked about again. Where only
    /// rounding separates that answer from a wrong one, x′ is withdrawn.
    /// </summary>
    /// <param name="classifier">The classifier to attack.</param>
    /// <exception cref="InvalidOperationException">An x′ left the threat model, or is classified rightly when asked about again.</exception>
    public AttackOutcome Run(IClassifier classifier, AttackedImages images)
    {
        AttackOutcome outcome = Search(classifier, images);
        for (int row = 0; row < images.Count; row++)
        {
            Threat.Require(Name, images.Row(row), outcome.Perturbed.AsSpan(row * images.PixelsPerImage, images.PixelsPerImage));
        }
        if (NeedsConfirmation && outcome.Found.Contains(true))
        {
            Confirm(classifier, images, outcome);
        }
        return outcome;
    }

    /// <summary>pgd20 (L∞, ε = 8/255)</summary>
    public sealed override string ToString() => $"{Name} ({Threat})";

    /// <param name="classifier">The classifier to attack.</param>
    protected abstract AttackOutcome Search(IClassifier classifier, AttackedImages images);

    private void Confirm(IClassifier classifier, AttackedImages images, AttackOutcome outcome)
    {
        int[] rows = [.. Enumerable.Range(0, images.Count).Where(row => outcome.Found[row])];
        AttackedImages adversarial = images.Select(rows, outcome.Perturbed);
        float[] logits = classifier.Logits(adversarial);
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> scores = logits.AsSpan(i * classifier.Classes, classifier.Classes);
            int label = adversarial.Labels[i];
            if (Decision.IsRight(scores, label))
            {
                float margin = Decision.Margin(scores, label), largest = 0;
                foreach (float score in scores)
                {
                    largest = Math.Max(largest, Math.Abs(score));
                }
                if (margin > LogitRounding * largest)
                {
                    throw new InvalidOperationException(
                        $"{Name} claims to have changed the class of image {adversarial.Indices[i]}, and asked about again the classifier still "
                        + $"tells class {label}, by {margin}: what it answers depends on more than the image");
                }
                outcome.Found[rows[i]] = false;
            }
        }
    }
}

/// <summary>The result of an attack on N images.</summary>
/// <param name="Perturbed">
/// N rows of H·W·C: x′ where one was found. Elsewhere it is what the attack came to: the last iterate of a gradient attack, and of others the image
/// itself.
/// </param>
/// <param name="Found">N times, whether x′ is classified wrongly. A tie with another class, or a logit that is no number, is wrong.</param>
/// <param name="ZeroGradients">
/// Images whose input gradient was exactly zero at a gradient attack's first step: there is nothing it could follow, and surviving it says nothing.
/// </param>
public sealed record AttackOutcome(float[] Perturbed, bool[] Found, int ZeroGradients = 0)
{
    /// <summary>Nothing was found yet: x′ is a copy of x.</summary>
    public static AttackOutcome None(AttackedImages images) => new([.. images.Pixels], new bool[images.Count]);

    /// <summary>Takes a start's x′ for the images whose class none has changed yet, and asks the classifier which are found now.</summary>
    /// <param name="classifier">Under attack.</param>
    /// <param name="images">x.</param>
    /// <param name="perturbed">x′, N rows of H·W·C.</param>
    public void Judge(IClassifier classifier, AttackedImages images, float[] perturbed)
    {
        float[] logits = classifier.Logits(images with { Pixels = perturbed });
        int pixels = images.PixelsPerImage, classes = classifier.Classes;
        for (int row = 0; row < images.Count; row++)
        {
            if (!Found[row])
            {
                perturbed.AsSpan(row * pixels, pixels).CopyTo(Perturbed.AsSpan(row * pixels));
                Found[row] = !Decision.IsRight(logits.AsSpan(row * classes, classes), images.Labels[row]);
            }
        }
    }
}
