namespace Jarn.Models;

/// <summary>
/// FAB (Croce and Hein, "Minimally distorted adversarial examples with a fast adaptive boundary attack", 2020) in L∞: looks for the nearest x′ of
/// another class, and counts those within ε.
/// </summary>
/// <param name="threat">How far the attack may change an image.</param>
/// <param name="seed">The seed of the random starts.</param>
/// <param name="targeted">
/// FAB-T: one search for each of the nine classes whose logits of the clean image are next to the true class's. Otherwise each iteration of a single
/// search heads for the class that looks nearest, for a gradient of every class.
/// </param>
/// <param name="restarts">Searches of each kind; the first starts at the image, the others at random.</param>
/// <param name="iterations">The number of steps of each search.</param>
public sealed class FabAttack(ThreatModel threat, ulong seed, bool targeted = true, int restarts = 1, int iterations = 100)
    : Attack(threat, seed, restarts)
{
    public override string Name => targeted ? "fab-t" : "fab";

    public override PassCount MostPasses(int classes)
    {
        long steps = (long)Targets(classes) * Restarts * iterations, gradients = steps * (targeted ? 1 : classes - 1);
        return new PassCount(2 + FabSearch.FinalSteps + steps + gradients, gradients);
    }

    /// <remarks>An image is let go as soon as an x′ within ε is found; <see cref="Minimize"/> goes on for a nearer one.</remarks>
    protected override AttackOutcome Search(IClassifier classifier, AttackedImages images)
    {
        AttackOutcome outcome = AttackOutcome.None(images);
        float[] norms = new float[images.Count];
        Search(classifier, images, (float)Threat.Epsilon, outcome.Perturbed, norms);
        for (int image = 0; image < images.Count; image++)
        {
            outcome.Found[image] = norms[image] <= (float)Threat.Epsilon;
            if (!outcome.Found[image])
            {
                images.Row(image).CopyTo(outcome.Perturbed.AsSpan(image * images.PixelsPerImage));
            }
        }
        return outcome;
    }

    /// <summary>
    /// Finds the nearest adversarial image. Its distance ‖x′ − x‖∞ is an upper bound of the image's distance to the decision boundary.
    /// </summary>
    /// <param name="classifier">The classifier to attack.</param>
    /// <param name="images">The images to attack, classified correctly or not.</param>
    /// <param name="adversarial">Receives the nearest x′, N rows of H·W·C pixels; the image itself where none was found.</param>
    /// <param name="norms">Receives the N distances: 0 where the image itself is misclassified, +∞ where no x′ was found.</param>
    public void Minimize(IClassifier classifier, AttackedImages images, Span<float> adversarial, Span<float> norms) =>
        Search(classifier, images, enough: 0, adversarial, norms);

    private int Targets(int classes) => targeted ? Math.Min(AutoAttack.MostTargets, classes - 1) : 1;

    private void Search(IClassifier classifier, AttackedImages images, float enough, Span<float> adversarial, Span<float> norms)
    {
        FabSearch search = new(classifier, images, enough);
        for (int target = 0; target < Targets(classifier.Classes); target++)
        {
            for (int restart = 0; restart < Restarts; restart++)
            {
                search.Start(restart == 0 ? 0 : (float)Threat.Epsilon / 2, Seed, (target * Restarts) + restart);
                search.Iterate(iterations, targeted ? target..(target + 1) : ..);
            }
        }
        search.Finish();
        search.Nearest.CopyTo(adversarial);
        search.Norms.CopyTo(norms);
    }
}
