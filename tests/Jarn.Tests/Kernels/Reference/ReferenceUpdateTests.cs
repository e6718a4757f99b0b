using Jarn.Kernels;

namespace Jarn.Tests.Kernels.Reference;

/// <summary>Steps small enough to do by hand.</summary>
public sealed class ReferenceUpdateTests
{
    /// <summary>v = 0.5·4 + (1 + 0.25·8) = 5; p = 8 − 0.5·5.</summary>
    [Test]
    public void SgdMomentum_by_hand()
    {
        double[][] state = Update([[1]], [[8], [4]], (d, g, s) => d.SgdMomentum(new SgdMomentumStep(0.5, 0.5, 0.25), g[0], s[0], s[1]));
        Assert.That(state.Select(values => values[0]), Is.EqualTo(new[] { 5.5, 5 }));
    }

    /// <summary>At the first iteration bias correction makes the moments g and g²: the step is rate·g/(|g| + ε), whatever g's size.</summary>
    [TestCase(3)]
    [TestCase(-0.125f)]
    public void Adams_first_step_has_the_learning_rates_length(float gradient)
    {
        double[][] state = Update([[gradient]], [[1], [0], [0]], (d, g, s) => d.Adam(new AdamStep(0.01, 1), g[0], s[0], s[1], s[2]));
        Assert.Multiple(() =>
        {
            Assert.That(state[0][0], Is.EqualTo(1 - (0.01 * gradient / (Math.Abs(gradient) + 1e-8))).Within(1e-15));
            Assert.That(state[1][0], Is.EqualTo(0.1 * gradient).Within(1e-15));
            Assert.That(state[2][0], Is.EqualTo(0.001 * gradient * gradient).Within(1e-15));
        });
    }

    /// <summary>rate·m/(√v + ε) with the corrected rate and ε is the paper's rate·m̂/(√v̂ + ε).</summary>
    [Test]
    public void Adams_corrected_rate_is_the_papers_step()
    {
        AdamStep step = new(0.01, Iteration: 3);
        double m = 0.3, v = 0.2;
        double paper = 0.01 * (m / (1 - Math.Pow(0.9, 3))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, 3))) + 1e-8);
        Assert.That(step.CorrectedLearningRate * m / (Math.Sqrt(v) + step.CorrectedEpsilon), Is.EqualTo(paper).Within(1e-15));
    }

    /// <summary>Within the ball, at its edge, at 0, at 1, with a gradient of zero, and downhill. All numbers are exact in binary.</summary>
    [TestCase(0.5f, 2f, 0.5f, 0.25, 0.75)]
    [TestCase(0.75f, 2f, 0.5f, 0.25, 0.875)]
    [TestCase(0.125f, -2f, 0.25f, 0.25, 0)]
    [TestCase(0.875f, 2f, 0.875f, 0.25, 1)]
    [TestCase(0.5f, 0f, 0.5f, 0.25, 0.5)]
    [TestCase(0.5f, 2f, 0.5f, -0.25, 0.25)]
    public void PgdStep_by_hand(float x, float gradient, float origin, double step, double expected)
    {
        double[][] y = Update([[x], [gradient], [origin]], [[0]], (d, i, o) => d.PgdStep(new PgdStep(step, 0.375), i[0], i[1], i[2], o[0]));
        Assert.That(y[0][0], Is.EqualTo(expected));
    }

    private static double[][] Update(float[][] inputs, float[][] state, Operation operation) => new Call(inputs, state, operation).OnReference();
}
