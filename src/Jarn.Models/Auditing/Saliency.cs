namespace Jarn.Models;

/// <summary>How far the Jacobians of a classifier look like its images: means over the images, each with its standard error.</summary>
/// <param name="Alignment">
/// α(x) = |⟨x, g⟩|/‖g‖ with g = ∇ₓ of the winning logit (Etmann et al. 2019): of a linear binary classifier, its distance to the boundary.
/// </param>
/// <param name="Cosine">|⟨x, J⟩|/(‖x‖‖J‖) of image and ∇ₓ of the cross-entropy, both less their means: the paper's Jacobian.</param>
/// <param name="StructuralSimilarity">
/// Of the same two, see <see cref="Models.StructuralSimilarity"/>; J as shades of grey about 0.5, or −J where that is more alike.
/// </param>
/// <param name="Examples">Images with a gradient that is finite and not zero.</param>
public sealed record Saliency(Estimate Alignment, Estimate Cosine, Estimate StructuralSimilarity, int Examples)
{
    /// <summary>Over the images that have a usable gradient; null where none has.</summary>
    public static Saliency? Measure(AuditEvidence evidence)
    {
        (IClassifier classifier, AttackedImages images) = (evidence.Subject.Classifier, evidence.Subject.Images);
        InputGradients losses = evidence.LossGradients;
        AttackedImages gradients = images with { Pixels = WinningLogitGradients(classifier, images) };
        List<double> alignments = [], cosines = [], similarities = [];
        for (int i = 0; i < images.Count; i++)
        {
            ReadOnlySpan<float> image = images.Row(i), jacobian = losses.Of(i), gradient = gradients.Row(i);
            if (!InputGradients.IsUsable(jacobian) || !InputGradients.IsUsable(gradient))
            {
                continue;
            }
            alignments.Add(AlignmentOf(image, gradient));
            cosines.Add(Jacobian.Alignment(image, jacobian));
            float[] shades = Jacobian.Shades(jacobian), inverted = [.. shades.Select(shade => 1 - shade)];
            similarities.Add(Math.Max(
                Models.StructuralSimilarity.Of(image, shades, classifier.Height, classifier.Width, classifier.Channels),
                Models.StructuralSimilarity.Of(image, inverted, classifier.Height, classifier.Width, classifier.Channels)));
        }
        return alignments.Count == 0 ? null
            : new Saliency(Estimate.Of(alignments), Estimate.Of(cosines), Estimate.Of(similarities), alignments.Count);
    }

    /// <summary>|⟨x, g⟩|/‖g‖ for a g that is not zero.</summary>
    public static double AlignmentOf(ReadOnlySpan<float> image, ReadOnlySpan<float> gradient)
    {
        (double product, double square) = (0, 0);
        for (int i = 0; i < image.Length; i++)
        {
            product += (double)image[i] * gradient[i];
            square += (double)gradient[i] * gradient[i];
        }
        return Math.Abs(product) / Math.Sqrt(square);
    }

    /// <summary>∇ₓ of each image's largest logit.</summary>
    private static float[] WinningLogitGradients(IClassifier classifier, AttackedImages images)
    {
        float[] gradients = new float[images.Pixels.Length];
        classifier.Gradients(images.Pixels, Winning, new float[images.Count * classifier.Classes], new double[images.Count], gradients);
        return gradients;

        static double Winning(int image, ReadOnlySpan<float> logits, Span<float> cotangent)
        {
            int winner = 0;
            for (int i = 1; i < logits.Length; i++)
            {
                winner = logits[i] > logits[winner] ? i : winner;
            }
            cotangent[winner] = 1;
            return logits[winner];
        }
    }
}

/// <summary>A mean and its standard error.</summary>
public readonly record struct Estimate(double Mean, double StandardError)
{
    /// <param name="values">At least one; of a single one the error is 0.</param>
    public static Estimate Of(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        return new Estimate(
            mean, values.Count == 1 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1) / values.Count));
    }
}
