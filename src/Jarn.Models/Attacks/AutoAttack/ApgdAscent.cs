using System.Numerics;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>
/// One image's way up the loss within the ε-ball and [0, 1], in float32. Its arrays end in zeros, so that they are a whole number of vectors long.
/// </summary>
internal sealed class ApgdAscent
{
    /// <summary>α: the weight of the gradient's step beside the last one's.</summary>
    private const float Momentum = 0.75f;

    private readonly float[] _lowest, _highest, _best, _gradient, _bestGradient;
    private readonly int _pixels;
    private readonly float _firstStep;
    private float[] _point, _previous;
    private AdaptiveStep _step;
    private int _steps;

    /// <summary>At x + ε·t/‖t‖∞ with t uniform in [−1, 1]ⁿ, clipped to [0, 1].</summary>
    /// <param name="image">The image's index among those attacked.</param>
    /// <param name="pixels">The original image x.</param>
    /// <param name="epsilon">ε in units of the pixel range [0, 1]; the first step is 2ε.</param>
    /// <param name="random">Draws t.</param>
    public ApgdAscent(int image, ReadOnlySpan<float> pixels, float epsilon, PhiloxSequence random)
    {
        Image = image;
        _pixels = pixels.Length;
        int length = (_pixels + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        (_lowest, _highest, _best, _gradient, _bestGradient) =
            (new float[length], new float[length], new float[length], new float[length], new float[length]);
        (_point, _previous, _firstStep) = (new float[length], new float[length], 2 * epsilon);
        float largest = 0;
        for (int i = 0; i < _pixels; i++)
        {
            _point[i] = random.Uniform(-1, 1);
            largest = Math.Max(largest, Math.Abs(_point[i]));
        }
        for (int i = 0; i < _pixels; i++)
        {
            (_lowest[i], _highest[i]) = (Math.Max(pixels[i] - epsilon, 0), Math.Min(pixels[i] + epsilon, 1));
            _point[i] = Math.Clamp(pixels[i] + (largest > 0 ? epsilon * (_point[i] / largest) : 0), _lowest[i], _highest[i]);
        }
        _point.CopyTo(_previous, 0);
    }

    /// <summary>Its place among those attacked.</summary>
    public int Image { get; }

    /// <summary>Whether the current point is classified wrongly.</summary>
    public bool HasArrived { get; private set; }

    /// <summary>The current x′.</summary>
    public ReadOnlySpan<float> Point => _point.AsSpan(0, _pixels);

    /// <summary>Takes what there is to know of the current point.</summary>
    public void Observe(double loss, ReadOnlySpan<float> gradient, bool hasArrived)
    {
        HasArrived = hasArrived;
        gradient.CopyTo(_gradient);
        bool best = true;
        if (_steps == 0)
        {
            _step = new AdaptiveStep(_firstStep, loss);
        }
        else
        {
            best = _step.Observe(loss);
        }
        if (best)
        {
            _point.CopyTo(_best, 0);
            gradient.CopyTo(_bestGradient);
        }
    }

    /// <summary>
    /// z = P(x⁽ᵏ⁾ + η·sign ∇ℓ), x⁽ᵏ⁺¹⁾ = P(x⁽ᵏ⁾ + α(z − x⁽ᵏ⁾) + (1 − α)(x⁽ᵏ⁾ − x⁽ᵏ⁻¹⁾)), P clipping to the ball and [0, 1]; the first step is without
    /// momentum.
    /// </summary>
    public void Step()
    {
        float weight = _steps++ == 0 ? 1 : Momentum;
        float[] point = _point, next = _previous;
        Vector<float> up = new(_step.Size), down = -up;
        for (int i = 0; i < point.Length; i += Vector<float>.Count)
        {
            Vector<float> x = new(point, i), before = new(next, i), slope = new(_gradient, i), low = new(_lowest, i), high = new(_highest, i);
            // A slope that is no number has no sign.
            Vector<float> step = Vector.ConditionalSelect(Vector.GreaterThan(slope, Vector<float>.Zero), up, Vector<float>.Zero)
                + Vector.ConditionalSelect(Vector.LessThan(slope, Vector<float>.Zero), down, Vector<float>.Zero);
            Vector<float> z = Vector.Min(Vector.Max(x + step, low), high);
            Vector<float> moved = x + ((z - x) * weight) + ((x - before) * (1 - weight));
            Vector.Min(Vector.Max(moved, low), high).CopyTo(next, i);
        }
        (_point, _previous) = (next, point);
    }

    /// <summary>Halves the step where it is due, and goes on from the best point.</summary>
    /// <param name="steps">Since the last checkpoint.</param>
    public void Checkpoint(int steps)
    {
        if (_step.Checkpoint(steps))
        {
            _best.CopyTo(_point, 0);
            _bestGradient.CopyTo(_gradient, 0);
        }
    }
}
