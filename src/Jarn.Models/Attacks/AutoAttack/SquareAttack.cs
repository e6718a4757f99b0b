using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>
/// The Square attack (Andriushchenko et al., "Square Attack: a query-efficient black-box adversarial attack via random search", 2020) in L∞: starts
/// with stripes of ±ε, moves the pixels of one random square after another to ±ε, and keeps a square where it lowers the margin. It asks for logits
/// alone.
/// </summary>
/// <remarks>
/// As in AutoAttack, squares shrink by the number of queries made, whatever the budget, and a square smaller than the image never reaches its last
/// line or column: the paper's algorithm lets it, which makes a stronger attack, but the published figures are those of their code. The queries are
/// what it costs: a fallen image gets none, and only a square's pixels are touched for one.
/// </remarks>
/// <param name="threat">How far the attack may change an image.</param>
/// <param name="seed">The seed of the stripes and squares.</param>
/// <param name="queries">The most forward passes of an image.</param>
public sealed class SquareAttack(ThreatModel threat, ulong seed, int queries = 5000) : Attack(threat, seed)
{
    /// <summary>p: the first squares' share of the image's area.</summary>
    private const double FirstShare = 0.8;

    /// <summary>The share is halved after each of these squares.</summary>
    private static readonly int[] Halvings = [11, 51, 201, 501, 1001, 2001, 4001, 6001, 8001];

    /// <summary>The name of this attack, whatever its budget.</summary>
    public const string AttackName = "square";

    public override string Name => AttackName;

    public override PassCount MostPasses(int classes) => new(queries, 0);

    protected override AttackOutcome Search(IClassifier classifier, AttackedImages images)
    {
        AttackOutcome outcome = AttackOutcome.None(images);
        int pixels = images.PixelsPerImage, classes = classifier.Classes, count = images.Count;
        // The first rows are of the images that still stand: the best x′ so far with the query's square in it, and what the square covers.
        int[] active = [.. Enumerable.Range(0, count)];
        float[] candidates = [.. images.Pixels], covered = new float[candidates.Length], logits = new float[count * classes];
        float[] margins = new float[count];
        Square[] windows = new Square[count];
        for (int query = 0; query < queries && count > 0; query++)
        {
            for (int row = 0; row < count; row++)
            {
                PhiloxSequence random = new(new RandomStream(Seed, RandomStream.Square).At(images.Indices[active[row]]), (ulong)query << 32);
                ReadOnlySpan<float> image = images.Row(active[row]);
                Span<float> candidate = candidates.AsSpan(row * pixels, pixels);
                if (query == 0)
                {
                    PaintStripes(image, classifier, ref random, candidate);
                    continue;
                }
                windows[row] = Draw(query, classifier, ref random);
                windows[row].Copy(candidate, covered.AsSpan(row * pixels, pixels));
                Paint(windows[row], image, ref random, candidate);
            }
            classifier.Logits(candidates.AsSpan(0, count * pixels), logits.AsSpan(0, count * classes));
            int kept = 0;
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<float> scores = logits.AsSpan(row * classes, classes);
                Span<float> candidate = candidates.AsSpan(row * pixels, pixels);
                int image = active[row], label = images.Labels[image];
                if (!Decision.IsRight(scores, label))
                {
                    outcome.Found[image] = true;
                    candidate.CopyTo(outcome.Perturbed.AsSpan(image * pixels));
                    continue;
                }
                float margin = Decision.Margin(scores, label);
                if (query > 0 && !(margin < margins[row]))
                {
                    windows[row].Copy(covered.AsSpan(row * pixels, pixels), candidate);
                    margin = margins[row];
                }
                if (kept < row)
                {
                    candidate.CopyTo(candidates.AsSpan(kept * pixels));
                }
                (active[kept], margins[kept]) = (image, margin);
                kept++;
            }
            count = kept;
        }
        return outcome;
    }

    /// <summary>One sign for each column and channel.</summary>
    private void PaintStripes(ReadOnlySpan<float> image, IClassifier classifier, ref PhiloxSequence random, Span<float> candidate)
    {
        int line = classifier.Width * classifier.Channels;
        for (int i = 0; i < line; i++)
        {
            float change = Change(ref random);
            for (int pixel = i; pixel < image.Length; pixel += line)
            {
                candidate[pixel] = Math.Clamp(image[pixel] + change, 0, 1);
            }
        }
    }

    private static Square Draw(int query, IClassifier classifier, ref PhiloxSequence random)
    {
        int halvings = Halvings.Count(first => query > first);
        double side = Math.Round(Math.Sqrt(FirstShare / (1 << halvings) * classifier.Height * classifier.Width));
        int extent = (int)Math.Clamp(side, 1, Math.Min(classifier.Height, classifier.Width));
        int top = random.Below(Math.Max(1, classifier.Height - extent)), left = random.Below(Math.Max(1, classifier.Width - extent));
        return new Square(top, left, extent, classifier.Width, classifier.Channels);
    }

    /// <summary>
    /// One sign for each channel. Every pixel of a candidate is at x ± ε, or at the side of [0, 1] before it, so that a sign says all of it.
    /// </summary>
    private void Paint(Square window, ReadOnlySpan<float> image, ref PhiloxSequence random, Span<float> candidate)
    {
        for (int channel = 0; channel < window.Channels; channel++)
        {
            float change = Change(ref random);
            for (int y = 0; y < window.Extent; y++)
            {
                int first = window.Line(y) + channel;
                for (int x = 0; x < window.Extent; x++)
                {
                    int pixel = first + (x * window.Channels);
                    candidate[pixel] = Math.Clamp(image[pixel] + change, 0, 1);
                }
            }
        }
    }

    private float Change(ref PhiloxSequence random) => random.Below(2) == 0 ? (float)-Threat.Epsilon : (float)Threat.Epsilon;

    /// <summary>A square of an image of H×W×C.</summary>
    private readonly record struct Square(int Top, int Left, int Extent, int Width, int Channels)
    {
        /// <summary>The index at which the window's y-th line begins.</summary>
        public int Line(int y) => (((Top + y) * Width) + Left) * Channels;

        public void Copy(ReadOnlySpan<float> source, Span<float> destination)
        {
            for (int y = 0; y < Extent; y++)
            {
                source.Slice(Line(y), Extent * Channels).CopyTo(destination[Line(y)..]);
            }
        }
    }
}
