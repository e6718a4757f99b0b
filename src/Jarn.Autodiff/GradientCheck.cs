using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// Compares a function's derivatives with central differences in random directions, as HIPS/autograd's check_grads does: those of the function
/// (order 1) and of its gradient (order 2). Use it with the reference device, whose double precision makes the differences accurate.
/// </summary>
public static class GradientCheck
{
    private const double Step = 1e-4;

    /// <summary>
    /// Let F = ⟨w, f⟩ with fixed random w. Order 1 compares ⟨∇F, v⟩ with the difference quotient of F along v; order 2 compares
    /// ⟨∇⟨∇F, u⟩, v⟩ with that of ⟨∇F, u⟩; u random in all leaves, v in one leaf at a time. Differences are of fourth order,
    /// (8(F(h)−F(−h)) − (F(2h)−F(−2h)))/12h. f must be smooth within 2h of the leaves' values: keep them off the kinks.
    /// </summary>
    /// <param name="device">The device that computes f.</param>
    /// <param name="function">f, on a tape of its own at each call; it must give the same values for the same leaves.</param>
    /// <param name="leaves">
    /// The tensors that f is differentiated with respect to. Their values are changed during the check and then restored.
    /// </param>
    /// <param name="orders">1, or 2 for both.</param>
    /// <param name="seed">The seed of the random directions.</param>
    /// <returns>
    /// The largest error over orders and leaves, relative to Σ|∂ᵢF·vᵢ|. For a leaf whose derivative vanishes (a bias before batch norm), the error is
    /// relative to a thousandth of the largest leaf's sum, because the rounding error of the difference quotient does not vanish.
    /// </returns>
    public static GradientCheckResult Run(IDevice device, Func<Tape, Tensor> function, IReadOnlyList<Tensor> leaves, int orders = 2, int seed = 1)
    {
        Probe probe = new(device, function, leaves, new Random(seed));
        GradientCheckResult worst = new(0, 0, 0, 0, 0);
        for (int order = 1; order <= orders; order++)
        {
            double[][] gradients = order == 1 ? probe.Gradients() : probe.SecondGradients();
            Func<double> scalar = order == 1 ? probe.Value : probe.DirectionalDerivative;
            double[][] directions = [.. leaves.Select(leaf => probe.RandomVector(leaf.Length))];
            double[][] products = [.. gradients.Zip(directions, (gradient, direction) => gradient.Zip(direction, (g, v) => g * v).ToArray())];
            double floor = Math.Max(1e-3 * products.Max(terms => terms.Sum(Math.Abs)), 1e-6);
            for (int leaf = 0; leaf < leaves.Count; leaf++)
            {
                double analytic = products[leaf].Sum();
                double numeric = Difference(scalar, leaves[leaf], directions[leaf]);
                double error = Math.Abs(analytic - numeric) / Math.Max(products[leaf].Sum(Math.Abs), floor);
                if (!(error <= worst.RelativeError))
                {
                    worst = new GradientCheckResult(error, order, leaf, analytic, numeric);
                }
            }
        }
        return worst;
    }

    private static double Difference(Func<double> scalar, Tensor leaf, double[] direction)
    {
        double[] values = leaf.ToDoubles();
        double At(double step)
        {
            leaf.Buffer.Device.Upload([.. values.Zip(direction, (x, v) => x + (step * v))], leaf.Buffer);
            return scalar();
        }
        double quotient = ((8 * (At(Step) - At(-Step))) - (At(2 * Step) - At(-2 * Step))) / (12 * Step);
        leaf.Buffer.Device.Upload(values, leaf.Buffer);
        return quotient;
    }

    /// <summary>F, ∇F, ⟨∇F, u⟩ and ∇⟨∇F, u⟩ at the leaves' present values.</summary>
    private sealed class Probe(IDevice device, Func<Tape, Tensor> function, IReadOnlyList<Tensor> leaves, Random random)
    {
        private readonly double[][] _directions = [.. leaves.Select(leaf => RandomVector(random, leaf.Length))];
        private double[]? _weights;

        public double[] RandomVector(int length) => RandomVector(random, length);

        public double Value() => Run((_, y) => y.ToScalar());

        public double[][] Gradients() =>
            Run((tape, y) => tape.Gradient(y, leaves, differentiable: false).Select(gradient => gradient.ToDoubles()).ToArray());

        public double DirectionalDerivative() =>
            Gradients().Zip(_directions, (gradient, u) => gradient.Zip(u, (g, v) => g * v).Sum()).Sum();

        public double[][] SecondGradients() => Run((tape, y) =>
        {
            Tensor[] directions = [.. _directions.Select((direction, i) => Tensor.From(device, leaves[i].Shape, direction))];
            Tensor product = tape.Gradient(y, leaves, differentiable: true)
                .Select((gradient, i) => tape.Sum(tape.Multiply(gradient, directions[i]))).Aggregate((sum, term) => tape.Add(sum, term));
            double[][] second = [.. tape.Gradient(product, leaves, differentiable: false).Select(gradient => gradient.ToDoubles())];
            Array.ForEach(directions, direction => direction.Dispose());
            return second;
        });

        private static double[] RandomVector(Random random, int length) =>
            [.. Enumerable.Range(0, length).Select(_ => (random.NextDouble() * 2) - 1)];

        private TResult Run<TResult>(Func<Tape, Tensor, TResult> use)
        {
            using Tape tape = new(device);
            Tensor output = function(tape);
            _weights ??= RandomVector(output.Length);
            using Tensor weights = Tensor.From(device, output.Shape, _weights);
            return use(tape, tape.Sum(tape.Multiply(output, weights)));
        }
    }
}

/// <param name="RelativeError">The largest relative error.</param>
/// <param name="Order">Where it was found: 1 in the gradient, 2 in the gradient's gradient.</param>
/// <param name="Leaf">The index of the leaf where it was found.</param>
/// <param name="Analytic">The tape's directional derivative.</param>
/// <param name="Numeric">The central difference quotient.</param>
public sealed record GradientCheckResult(double RelativeError, int Order, int Leaf, double Analytic, double Numeric);
