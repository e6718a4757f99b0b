using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Searches of FAB one after another, and the nearest x′ that any of them came upon.</summary>
internal sealed class FabSearch
{
    /// <summary>The steps of <see cref="Finish"/>, one forward pass each.</summary>
    public const int FinalSteps = 3;

    /// <summary>α_max in the paper.</summary>
    private const double LargestBias = 0.1;

    /// <summary>η in the paper.</summary>
    private const double Overshoot = 1.05;

    /// <summary>β in the paper.</summary>
    private const float BackwardStep = 0.9f;

    private readonly IClassifier _classifier;
    private readonly AttackedImages _images;
    private readonly float _enough;
    private readonly int _pixels, _classes;
    private readonly float[] _cleanLogits;
    private readonly int[][] _rivals;

    // One row for each image that is still searched for; the first _active.Count rows count.
    private readonly List<int> _active = [];
    private readonly float[] _points, _gradients, _normals, _logits;
    private readonly double[] _losses, _differences, _distances;

    /// <param name="classifier">The classifier to attack.</param>
    /// <param name="enough">The search for an image ends when its norm is at most this.</param>
    public FabSearch(IClassifier classifier, AttackedImages images, float enough)
    {
        (_classifier, _images, _enough, _pixels, _classes) = (classifier, images, enough, images.PixelsPerImage, classifier.Classes);
        int count = images.Count;
        (_points, _gradients, _normals) = (new float[count * _pixels], new float[count * _pixels], new float[count * _pixels]);
        (_losses, _differences, _distances) = (new double[count], new double[count], new double[count]);
        (_cleanLogits, _logits) = (new float[count * _classes], new float[count * _classes]);
        (Nearest, Norms) = ([.. images.Pixels], new float[count]);
        classifier.Logits(images.Pixels, _cleanLogits);
        _rivals = [.. Enumerable.Range(0, count).Select(image => Decision.WrongClasses(CleanLogits(image), images.Labels[image]))];
        for (int image = 0; image < count; image++)
        {
            Norms[image] = Decision.IsRight(CleanLogits(image), images.Labels[image]) ? float.PositiveInfinity : 0;
        }
    }

    /// <summary>N rows: x′, or the image itself where there is none.</summary>
    public float[] Nearest { get; }

    /// <summary>N: ‖x′ − x‖∞, and +∞ where there is none.</summary>
    public float[] Norms { get; }

    /// <summary>Begins the next search, from x + radius·u/‖u‖∞ with u uniform in [−1, 1]ᵈ, for each image whose norm isn't small enough.</summary>
    /// <param name="radius">In units of the pixel range [0, 1]; 0 starts at the image.</param>
    /// <param name="seed">The seed that u is drawn with.</param>
    /// <param name="search">The number of this start; the same number gives the same u.</param>
    public void Start(float radius, ulong seed, int search)
    {
        Activate();
        for (int row = 0; row < _active.Count; row++)
        {
            Span<float> start = Row(_points, row);
            _images.Row(_active[row]).CopyTo(start);
            if (radius > 0)
            {
                PhiloxSequence random = new(
                    new RandomStream(seed, RandomStream.FastAdaptiveBoundary).At(_images.Indices[_active[row]]), (ulong)search << 32);
                float[] direction = [.. Enumerable.Repeat(0, _pixels).Select(_ => random.Uniform(-1, 1))];
                float largest = direction.Max(MathF.Abs);
                for (int i = 0; i < _pixels; i++)
                {
                    start[i] = Math.Clamp(start[i] + (radius * direction[i] / largest), 0, 1);
                }
            }
        }
    }

    /// <summary>Steps from where <see cref="Start"/> left off, each ending at the boundary as the logits' linearisation has it.</summary>
    /// <param name="iterations">The number of steps for each image.</param>
    /// <param name="heads">Which of its rivals an image heads for, the nearest of them in every step.</param>
    public void Iterate(int iterations, Range heads)
    {
        for (int iteration = 0; iteration < iterations && _active.Count > 0; iteration++)
        {
            Linearise(heads);
            Parallel.For(0, _active.Count, row => Step(_images.Row(_active[row]), Row(_normals, row), _differences[row], Row(_points, row)));
            Classify(_points);
            int kept = 0;
            for (int row = 0; row < _active.Count; row++)
            {
                int image = _active[row];
                Span<float> point = Row(_points, row);
                if (IsAdversarial(row))
                {
                    Keep(image, point);
                    if (Norms[image] <= _enough)
                    {
                        continue;
                    }
                    ReadOnlySpan<float> clean = _images.Row(image);
                    for (int i = 0; i < point.Length; i++)
                    {
                        point[i] = clean[i] + (BackwardStep * (point[i] - clean[i]));
                    }
                }
                point.CopyTo(Row(_points, kept));
                _active[kept++] = image;
            }
            _active.RemoveRange(kept, _active.Count - kept);
        }
    }

    /// <summary>
    /// The final search: on the segment from the image to its x′, the logits' difference f = z_s − z_y (s: the class of x′) changes its sign. The
    /// secant through the ends of the interval known to hold the change gives the next point, which replaces one of them.
    /// </summary>
    /// <remarks>
    /// The secant's step from the outer end is shortened by η: where f is linear it would end at f = 0 but for rounding, which may take either side.
    /// </remarks>
    public void Finish()
    {
        Activate();
        _active.RemoveAll(image => float.IsPositiveInfinity(Norms[image]));
        int count = _active.Count;
        float[] ends = [.. _active.SelectMany(image => Row(Nearest, image).ToArray())];
        double[] inner = new double[count], outer = [.. Enumerable.Repeat(1.0, count)], middle = new double[count];
        float[] innerLogits = [.. _active.SelectMany(image => CleanLogits(image).ToArray())], outerLogits = new float[count * _classes];
        Classify(ends);
        _logits.AsSpan(0, count * _classes).CopyTo(outerLogits);
        for (int step = 0; step < FinalSteps && count > 0; step++)
        {
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<float> clean = _images.Row(_active[row]), end = Row(ends, row);
                Span<float> point = Row(_points, row);
                int label = _images.Labels[_active[row]], first = row * _classes;
                int other = _rivals[_active[row]].MaxBy(rival => outerLogits[first + rival]);
                double beyond = outerLogits[first + other] - outerLogits[first + label];
                double before = innerLogits[first + label] - innerLogits[first + other];
                middle[row] = outer[row] - ((outer[row] - inner[row]) * beyond / (Overshoot * (beyond + before)));
                for (int i = 0; i < _pixels; i++)
                {
                    point[i] = (float)(clean[i] + (middle[row] * ((double)end[i] - clean[i])));
                }
            }
            Classify(_points);
            for (int row = 0; row < count; row++)
            {
                bool adversarial = IsAdversarial(row);
                (adversarial ? outer : inner)[row] = middle[row];
                Logits(row).CopyTo((adversarial ? outerLogits : innerLogits).AsSpan(row * _classes));
                if (adversarial)
                {
                    Keep(_active[row], Row(_points, row));
                }
            }
        }
    }

    /// <summary>
    /// With w = ∇(z_t − z_y) at x and f = z_t − z_y there, the classes' boundary is taken for the plane ⟨w, · − x⟩ = −f, and the one whose distance
    /// |f|/‖w‖₁ is smallest counts. <see cref="_normals"/> receive w and <see cref="_differences"/> f.
    /// </summary>
    private void Linearise(Range heads)
    {
        int count = _active.Count;
        _distances.AsSpan(0, count).Fill(double.PositiveInfinity);
        (int first, int length) = heads.GetOffsetAndLength(_classes - 1);
        for (int head = first; head < first + length; head++)
        {
            _classifier.Gradients(_points.AsSpan(0, count * _pixels), Difference, _logits, _losses, _gradients);
            for (int row = 0; row < count; row++)
            {
                double sum = 1e-12;
                foreach (float slope in Row(_gradients, row))
                {
                    sum += Math.Abs(slope);
                }
                double distance = Math.Abs(_losses[row]) / sum;
                // A distance that is no number makes no plane.
                if (distance < _distances[row])
                {
                    (_distances[row], _differences[row]) = (distance, _losses[row]);
                    Row(_gradients, row).CopyTo(Row(_normals, row));
                }
            }

            double Difference(int row, ReadOnlySpan<float> logits, Span<float> cotangent)
            {
                int image = _active[row], rival = _rivals[image][head], label = _images.Labels[image];
                (cotangent[rival], cotangent[label]) = (1, -1);
                return (double)logits[rival] - logits[label];
            }
        }
    }

    /// <summary>
    /// Projects the iterate and the image onto the plane, oversteps both by η, and mixes them: the share α of the image's is a₁/(a₁ + a₂), a₁ and a₂
    /// the distances from iterate and image, and α_max at most.
    /// </summary>
    private static void Step(ReadOnlySpan<float> image, ReadOnlySpan<float> normal, double difference, Span<float> point)
    {
        double excess = difference;
        for (int i = 0; i < point.Length; i++)
        {
            excess += normal[i] * ((double)image[i] - point[i]);
        }
        BoxProjection fromPoint = BoxProjection.Onto(point, normal, difference), fromImage = BoxProjection.Onto(image, normal, excess);
        double near = Math.Max(fromPoint.Radius, 1e-8), far = Math.Max(fromImage.Radius, 1e-8), bias = Math.Min(near / (near + far), LargestBias);
        for (int i = 0; i < point.Length; i++)
        {
            double ownEnd = point[i] + (Overshoot * fromPoint.Step(point[i], normal[i]));
            double imagesEnd = image[i] + (Overshoot * fromImage.Step(image[i], normal[i]));
            point[i] = (float)Math.Clamp((ownEnd * (1 - bias)) + (imagesEnd * bias), 0, 1);
        }
    }

    private void Activate()
    {
        _active.Clear();
        _active.AddRange(Enumerable.Range(0, _images.Count).Where(image => !(Norms[image] <= _enough)));
    }

    private void Classify(ReadOnlySpan<float> points) =>
        _classifier.Logits(points[..(_active.Count * _pixels)], _logits.AsSpan(0, _active.Count * _classes));

    private bool IsAdversarial(int row) => !Decision.IsRight(Logits(row), _images.Labels[_active[row]]);

    private void Keep(int image, ReadOnlySpan<float> point)
    {
        ReadOnlySpan<float> clean = _images.Row(image);
        float norm = 0;
        for (int i = 0; i < clean.Length; i++)
        {
            norm = Math.Max(norm, Math.Abs(point[i] - clean[i]));
        }
        if (norm < Norms[image])
        {
            Norms[image] = norm;
            point.CopyTo(Row(Nearest, image));
        }
    }

    private ReadOnlySpan<float> CleanLogits(int image) => _cleanLogits.AsSpan(image * _classes, _classes);

    private ReadOnlySpan<float> Logits(int row) => _logits.AsSpan(row * _classes, _classes);

    private Span<float> Row(float[] rows, int row) => rows.AsSpan(row * _pixels, _pixels);
}
