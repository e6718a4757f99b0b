using Jarn.Kernels;

namespace Jarn.Autodiff;

/// <summary>
/// Holds a function's derivatives against central differences in random directions, as HIPS/autograd's check_grads does: of the function
/// (order 1), and of its gradient (order 2). Meant for the reference device, whose double precision makes the differences sharp.
/// </summary>
public static class GradientCheck
{
    private const double Step = 1e-3;

    /// <summary>
    /// Let F(x) = ⟨w, f(x)⟩ with fixed random w. Order 1 compares ⟨∇F, v⟩ with the difference quotient of F along v; order 2 compares
    /// ⟨∇⟨∇F, u⟩, v⟩ with that of ⟨∇F, u⟩; u random in all inputs, v in one input at a time. Differences are of fourth order,
    /// (8(F(h)−F(−h)) − (F(2h)−F(−2h)))/12h. f must be smooth within 2h of the inputs: keep them off the kinks.
    /// </summary>
    /// <returns>The largest error over orders and inputs, relative to Σ|∂ᵢF·vᵢ|.</returns>
    public static GradientCheckResult Run(
        IDevice device, Func<Tape, Tensor[], Tensor> function, IReadOnlyList<Shape> shapes, IReadOnlyList<double[]> values, int orders = 2, ulong seed = 1)
    {
        Probe probe = new(device, function, shapes, new Random((int)seed));
        GradientCheckResult worst = new(0, 0, 0, 0, 0);
        for (int order = 1; order <= orders; order++)
        {
            double[][] gradients = order == 1 ? probe.Gradients(values) : probe.SecondGradients(values);
            Func<IReadOnlyList<double[]>, double> scalar = order == 1 ? probe.Value : probe.DirectionalDerivative;
            for (int input = 0; input < shapes.Count; input++)
            {
                double[] direction = probe.RandomVector(shapes[input].Length);
                double analytic = gradients[input].Zip(direction, (g, v) => g * v).Sum();
                double numeric = Difference(scalar, values, input, direction);
                double scale = Math.Max(gradients[input].Zip(direction, (g, v) => Math.Abs(g * v)).Sum(), 1e-6);
                double error = Math.Abs(analytic - numeric) / scale;
                if (!(error <= worst.RelativeError))
                {
                    worst = new GradientCheckResult(error, order, input, analytic, numeric);
                }
            }
        }
        return worst;
    }

    private static double Difference(Func<IReadOnlyList<double[]>, double> scalar, IReadOnlyList<double[]> values, int input, double[] direction)
    {
        double At(double step)
        {
            double[][] moved = [.. values];
            moved[input] = [.. values[input].Zip(direction, (x, v) => x + (step * v))];
            return scalar(moved);
        }
        return ((8 * (At(Step) - At(-Step))) - (At(2 * Step) - At(-2 * Step))) / (12 * Step);
    }

    /// <summary>F, ∇F, ⟨∇F, u⟩ and ∇⟨∇F, u⟩ at given inputs.</summary>
    private sealed class Probe(IDevice device, Func<Tape, Tensor[], Tensor> function, IReadOnlyList<Shape> shapes, Random random)
    {
        private readonly double[][] _directions = [.. shapes.Select(shape => RandomVector(random, shape.Length))];
        private double[]? _weights;

        public double[] RandomVector(int length) => RandomVector(random, length);

        public double Value(IReadOnlyList<double[]> values) => Run(values, (_, _, y) => y.ToScalar());

        public double[][] Gradients(IReadOnlyList<double[]> values) =>
            Run(values, (tape, inputs, y) => tape.Gradient(y, inputs, differentiable: false).Select(gradient => gradient.ToDoubles()).ToArray());

        public double DirectionalDerivative(IReadOnlyList<double[]> values) =>
            Gradients(values).Zip(_directions, (gradient, u) => gradient.Zip(u, (g, v) => g * v).Sum()).Sum();

        public double[][] SecondGradients(IReadOnlyList<double[]> values) => Run(values, (tape, inputs, y) =>
        {
            Tensor[] directions = [.. _directions.Select((direction, i) => Tensor.From(device, shapes[i], direction))];
            Tensor product = tape.Gradient(y, inputs, differentiable: true)
                .Select((gradient, i) => tape.Sum(tape.Multiply(gradient, directions[i]))).Aggregate((sum, term) => tape.Add(sum, term));
            double[][] second = [.. tape.Gradient(product, inputs, differentiable: false).Select(gradient => gradient.ToDoubles())];
            Array.ForEach(directions, direction => direction.Dispose());
            return second;
        });

        private static double[] RandomVector(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => (random.NextDouble() * 2) - 1)];

        private TResult Run<TResult>(IReadOnlyList<double[]> values, Func<Tape, Tensor[], Tensor, TResult> use)
        {
            Tensor[] inputs = [.. values.Select((value, i) => Tensor.From(device, shapes[i], value))];
            using Tape tape = new(device);
            Tensor output = function(tape, inputs);
            _weights ??= RandomVector(output.Length);
            using Tensor weights = Tensor.From(device, output.Shape, _weights);
            TResult result = use(tape, inputs, tape.Sum(tape.Multiply(output, weights)));
            Array.ForEach(inputs, input => input.Dispose());
            return result;
        }
    }
}

/// <param name="RelativeError">The largest found.</param>
/// <param name="Order">1 where the gradient is furthest off, 2 where the gradient's gradient is.</param>
/// <param name="Input">The input whose derivative it is.</param>
/// <param name="Analytic">The tape's directional derivative.</param>
/// <param name="Numeric">The difference quotient.</param>
public sealed record GradientCheckResult(double RelativeError, int Order, int Input, double Analytic, double Numeric);
