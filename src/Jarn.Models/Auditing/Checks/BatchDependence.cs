namespace Jarn.Models;

/// <summary>
/// What a classifier says of an image must not depend on the images beside it: with batch norm in training mode they help one another, and an
/// attack on one of them moves the others (as in the authors' release).
/// </summary>
public sealed class BatchDependence : IMaskingCheck
{
    public const string CheckName = "batch-dependence";

    private const int MostImages = 200, OddBatch = 7;

    /// <summary>The permitted rounding error of a logit, relative to the largest logit.</summary>
    private const float Rounding = 1e-3f;

    public string Name => CheckName;

    public CheckResult Examine(AuditEvidence evidence)
    {
        IClassifier classifier = evidence.Subject.Classifier;
        int count = Math.Min(MostImages, evidence.Subject.Images.Count);
        int[] forwards = [.. Enumerable.Range(0, count)], backwards = [.. forwards.Reverse()];
        float[][] together = Logits(forwards, count), alone = Logits(forwards, 1), reversed = [.. Logits(backwards, OddBatch).Reverse()];
        int differing = together.Where((logits, image) => Differ(logits, alone[image]) || Differ(logits, reversed[image])).Count();
        double share = 100.0 * differing / count;
        Dictionary<string, double> figures = new() { ["differing"] = share };
        string beside = classifier is not AttackedNetwork network ? ""
            : network.HasBatchNorm ? Beside(evidence, network.With(BatchStatistics.Batch), figures) : "; it has no batch norm";
        (CheckOutcome outcome, string verdict) = differing > 0
            ? (CheckOutcome.Failed, $"{Share.Text(share)} of {count} images get different logits alone, in reversed batches of {OddBatch}, "
                + $"and all together: such a classifier cannot be deployed, and attacks on it mean nothing{beside}")
            : (CheckOutcome.Passed, $"{count} images get the same logits alone, in reversed batches of {OddBatch}, and all together{beside}");
        return new CheckResult(Name, outcome, verdict, figures);

        float[][] Logits(int[] images, int batchSize) =>
            [.. images.Chunk(batchSize).SelectMany(batch => classifier.Logits(evidence.Subject.Images.Select(batch)).Chunk(classifier.Classes))];
    }

    /// <summary>The release's protocol, for comparison.</summary>
    private static string Beside(AuditEvidence evidence, AttackedNetwork byBatch, Dictionary<string, double> figures)
    {
        string[] attacks = ["fgsm", "pgd20"];
        List<string> parts = [];
        Evaluator batch = new(byBatch, evidence.Subject.Images);
        foreach (string name in attacks)
        {
            double accuracy = batch.Run(evidence.Named(name)).Accuracy;
            figures.Add($"{name}_batch_statistics", accuracy);
            parts.Add($"{AttackDefinition.TitleOf(name)} leaves {Share.Text(accuracy)} with batch statistics and "
                + $"{Share.Text(evidence.Under(name).Accuracy)} as measured here");
        }
        return $". For comparison: {string.Join("; ", parts)}";
    }

    /// <summary>Whether logits differ by more than another order of additions explains.</summary>
    private static bool Differ(float[] a, float[] b) => a.Zip(b).Any(pair => !(Math.Abs(pair.First - pair.Second) <= Rounding * a.Max(Math.Abs)));
}
