using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Evaluation;

namespace Jarn.Runner.Auditing;

/// <summary>A classifier on trial.</summary>
/// <param name="Device">Where it lives.</param>
/// <param name="Classifier">On trial.</param>
/// <param name="All">The test images.</param>
/// <param name="Attacked">Those that are measured on.</param>
/// <param name="Epsilon">In units of the pixel range [0, 1].</param>
/// <param name="Seed">Of all random numbers.</param>
/// <param name="Statistics">Of its batch norm.</param>
/// <param name="Sources">Other classifiers for transfer attacks, by name.</param>
public sealed record AuditSubject(
    IDevice Device, Network Classifier, ImageSet All, AttackedImages Attacked, double Epsilon, ulong Seed, BatchStatistics Statistics,
    IReadOnlyList<(string Name, Network Classifier)> Sources)
{
    /// <summary>The same images, for what measures sets of bytes.</summary>
    public ImageSet Images { get; } = All.Select([.. Attacked.Indices.Select(index => (int)index)]);

    public Evaluator Evaluator(BatchStatistics? statistics = null) => new(Device, Classifier, Images, Seed, statistics ?? Statistics);

    public AttackedNetwork Network(int batchSize = 200) =>
        new(Device, Classifier, new Shape(1, Images.Height, Images.Width, Images.Channels), Images.ClassCount, Statistics, batchSize);

    /// <summary>Which of as many images as there are, in their order, are classified rightly.</summary>
    /// <param name="pixels">In place of the images' own.</param>
    public bool[] IsRight(float[] pixels)
    {
        AttackedNetwork network = Network();
        float[] logits = new float[Images.Count * network.Classes];
        network.Logits(pixels, logits);
        return [.. Enumerable.Range(0, Images.Count).Select(image => EvasionAttack.IsRight(logits.AsSpan(image * network.Classes, network.Classes), Images.Labels[image]))];
    }
}
