using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Autodiff;

/// <summary>Every operation's derivatives of first and second order against central differences in double precision.</summary>
public sealed partial class OpGradientTests
{
    private const double Tolerance = 1e-6;

    private static readonly ConvolutionGeometry Strided = new(2, 5, 4, 2, 3, 3, 2, 2, 1, 1, 2, 0, 1);

    private static readonly ConvolutionGeometry OneWeight = ConvolutionGeometry.Same(new Shape(2, 4, 3, 1), new Shape(1, 1, 1, 1), stride: 1);

    /// <summary>Away from zero on both sides: no kink within a check's step.</summary>
    private static readonly Func<Random, double> Signed = random => (random.Next(2) * 2 - 1) * (0.2 + random.NextDouble());

    private static readonly Func<Random, double> Positive = random => 0.3 + random.NextDouble();

    /// <summary>The same, such that no sum of two is near zero.</summary>
    private static readonly Func<Random, double> Apart = random => random.Next(2) == 0 ? 0.2 + random.NextDouble() : -1.4 - random.NextDouble();

    public sealed record Case(string Name, Func<Tape, Tensor[], Tensor> Function, Func<Random, double> Values, params Shape[] Shapes)
    {
        public override string ToString() => Name;
    }

    private static IEnumerable<Case> Cases()
    {
        Shape matrix = new(3, 4), image = new(2, 4, 5, 3);
        AxisGeometry leading = AxisGeometry.Leading(image, 1), trailing = AxisGeometry.Trailing(image, 1), middle = new(2, 20, 3);
        yield return Unary("scale", (t, x) => t.Scale(x, -1.7));
        yield return Unary("offset", (t, x) => t.Offset(x, 0.3));
        yield return Unary("square", (t, x) => t.Square(x));
        yield return Unary("reciprocal", (t, x) => t.Reciprocal(x));
        yield return Unary("exp", (t, x) => t.Exp(x));
        yield return Unary("softplus", (t, x) => t.Softplus(x));
        yield return Unary("sigmoid", (t, x) => t.Sigmoid(x));
        yield return Unary("silu", (t, x) => t.Silu(x));
        yield return Unary("softplus as an activation", (t, x) => t.Activate(x, Activation.Softplus));
        yield return Unary("tanh", (t, x) => t.Tanh(x));
        yield return Unary("absolute", (t, x) => t.Multiply(t.Absolute(x), x));
        yield return Unary("sign", (t, x) => t.Multiply(t.Sign(x), t.Square(x)));
        yield return Unary("leaky relu", (t, x) => t.Square(t.LeakyRelu(x, 0.1)));
        yield return Unary("relu", (t, x) => t.Square(t.LeakyRelu(x, 0)));
        yield return Unary("clamp", (t, x) => t.Square(t.Clamp(x, -0.5, 0.15)));
        yield return new Case("log", (t, x) => t.Log(x[0]), Positive, matrix);
        yield return new Case("square root", (t, x) => t.SquareRoot(x[0]), Positive, matrix);
        yield return new Case("reciprocal square root", (t, x) => t.ReciprocalSquareRoot(x[0]), Positive, matrix);
        yield return new Case("add", (t, x) => t.Square(t.Add(x[0], x[1])), Signed, matrix, matrix);
        yield return new Case("add, bias", (t, x) => t.Square(t.Add(x[0], x[1], leading)), Signed, image, new Shape(3));
        yield return new Case("subtract, a number a sample", (t, x) => t.Square(t.Subtract(x[0], x[1], trailing)), Signed, image, new Shape(2));
        yield return new Case("multiply", (t, x) => t.Multiply(x[0], x[1]), Signed, matrix, matrix);
        yield return new Case("multiply, middle axis", (t, x) => t.Multiply(x[0], x[1], middle), Signed, image, new Shape(2, 3));
        yield return new Case("multiply by itself", (t, x) => t.Multiply(x[0], x[0]), Signed, matrix);
        yield return new Case(
            "sum and broadcast", (t, x) => t.Square(t.Broadcast(t.Square(t.Sum(x[0], middle, new Shape(2, 3))), middle, image)), Signed, image);
        yield return new Case("sum of all, mean", (t, x) => t.Multiply(t.Square(t.Sum(x[0])), t.Mean(x[0])), Signed, matrix);
        yield return new Case("reshape", (t, x) => t.Square(t.Reshape(x[0], new Shape(2, 6))), Signed, matrix);
        yield return new Case("slice, pad", (t, x) => t.Square(t.Pad(t.Slice(x[0], 3, 1, 2), 1, 1, 2)), Signed, image);
        yield return new Case("concatenate", (t, x) => t.Square(t.Concatenate(1, x[0], x[1], x[0])), Signed, matrix, new Shape(3, 2));
        yield return new Case("softmax", (t, x) => t.Softmax(x[0]), Signed, matrix);
        yield return new Case("average pool", (t, x) => t.Square(t.AveragePool(x[0], 2)), Signed, image);
        foreach ((bool a, bool b) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            yield return new Case(
                $"matmul {a} {b}", (t, x) => t.MatMul(x[0], x[1], a, b), Signed, a ? new Shape(4, 3) : matrix, b ? new Shape(2, 4) : new Shape(4, 2));
        }
        yield return new Case("convolution", (t, x) => t.Convolution(x[0], x[1], Strided), Signed, Strided.InputShape, Strided.FilterShape);
        yield return new Case(
            "convolution of one weight", (t, x) => t.Convolution(x[0], x[1], OneWeight), Signed, OneWeight.InputShape, OneWeight.FilterShape);
        yield return new Case("convolution's input gradient", (t, x) => t.ConvolutionInputGradient(x[0], x[1], Strided), Signed, Strided.OutputShape,
            Strided.FilterShape);
        yield return new Case("convolution's filter gradient", (t, x) => t.ConvolutionFilterGradient(x[0], x[1], Strided), Signed, Strided.InputShape,
            Strided.OutputShape);
        yield return new Case("batch norm", (t, x) => t.BatchNorm(x[0], x[1], x[2], 1e-3).Y, Signed, image, new Shape(3), new Shape(3));
        yield return new Case(
            "batch norm and leaky ReLU", (t, x) => t.BatchNorm(x[0], x[1], x[2], 1e-3, 0.1).Y, Signed, image, new Shape(3), new Shape(3));
        yield return new Case("add and leaky ReLU, bias", (t, x) => t.Square(t.LeakyReluOfSum(x[0], x[1], 0.1, leading)), Apart, image, new Shape(3));
        yield return new Case("add and ReLU", (t, x) => t.Square(t.LeakyReluOfSum(x[0], x[1], 0)), Apart, matrix, matrix);
        yield return new Case("add and tanh, bias", (t, x) => t.TanhOfSum(x[0], x[1], leading), Signed, image, new Shape(3));
        yield return new Case("centre and normalise", (t, x) => t.CenterAndNormalize(x[0]), Signed, image);
        yield return new Case("centre and divide by the bound", (t, x) => t.Square(t.CenterAndNormalize(x[0], epsilon: 50)), Signed, image);
        yield return new Case("cross-entropy", (t, x) => t.Square(t.CrossEntropy(x[0], Labels(t, matrix))), Signed, matrix);
        yield return new Case("margin", (t, x) => t.Square(AttackLoss.Margin.PerSample(t, x[0], OneHot(t, matrix))), Signed, matrix);
        yield return new Case("Kullback-Leibler", (t, x) => t.Square(t.KullbackLeibler(x[0], x[1], OneHot(t, matrix))), Signed, matrix, matrix);
        yield return new Case("adversarial loss", (t, x) => t.AdversarialLoss(x[0], x[1]), Signed, new Shape(5), new Shape(4));
    }

    /// <summary>Constants, soft and of any sum.</summary>
    private static Tensor Labels(Tape tape, Shape shape) => Constants(tape, shape, i => Math.Sin((i + 1) * (i + 1)));

    private static Tensor OneHot(Tape tape, Shape shape) => Constants(tape, shape, i => i % (shape[1] + 1) == 0 ? 1 : 0);

    private static Tensor Constants(Tape tape, Shape shape, Func<int, double> value)
    {
        Tensor constants = tape.Allocate(shape);
        tape.Device.Upload([.. Enumerable.Range(0, shape.Length).Select(value)], constants.Buffer);
        return constants;
    }

    private static Case Unary(string name, Func<Tape, Tensor, Tensor> function) => new(name, (t, x) => function(t, x[0]), Signed, new Shape(3, 4));

    [TestCaseSource(nameof(Cases))]
    public void Derivatives_of_order_one_and_two_match_differences(Case @case)
    {
        using ReferenceDevice device = new();
        Tensor[] leaves = Leaves(device, @case);

        GradientCheckResult result = GradientCheck.Run(device, tape => @case.Function(tape, leaves), leaves);

        Assert.That(result.RelativeError, Is.LessThanOrEqualTo(Tolerance), result.ToString());
    }

    /// <summary>
    /// What the first gradient consists of is differentiated when the second is taken, and the case compares both with differences.
    /// </summary>
    [Test]
    public void No_operation_is_left_out()
    {
        HashSet<string> seen = [];
        foreach (Case @case in Cases())
        {
            using ReferenceDevice device = new();
            using Tape tape = new(device);
            Tensor[] leaves = Leaves(device, @case);
            tape.Gradient(tape.Sum(@case.Function(tape, leaves)), leaves, differentiable: true);
            seen.UnionWith(tape.Nodes.Select(node => Name(node.Op)));
        }
        Type[] kernels = typeof(IDevice).Assembly.GetTypes();
        Type[] operations = [.. typeof(Op).Assembly.GetTypes(), .. typeof(Network).Assembly.GetTypes()];
        IEnumerable<Type> functions = kernels.Where(type => type.IsValueType && type.IsAssignableTo(typeof(IUnaryFunction)))
            .Select(type => typeof(Map<>).MakeGenericType(type))
            .Concat(kernels.Where(type => type.IsValueType && type.IsAssignableTo(typeof(IBinaryFunction)))
                .Select(type => typeof(Zip<>).MakeGenericType(type)));
        IEnumerable<Type> others = operations.Where(type => type.IsSubclassOf(typeof(Op)) && !_notOfTheirOwn.Contains(type));

        Assert.That(functions.Concat(others).Select(type => type.ToString()).Concat(LinearMaps()).Where(name => !seen.Contains(name)), Is.Empty);
    }

    /// <summary>Three kinds are told apart by what they are given; one op changes gradients on purpose, and one has no derivative.</summary>
    private static readonly Type[] _notOfTheirOwn =
    [
        typeof(Map<>), typeof(Zip<>), typeof(LinearMap), typeof(ScaleGradient), typeof(BatchNormGradientGradient),
    ];

    private static string Name(Op op) => op is LinearMap ? op.ToString()! : op.GetType().ToString();

    /// <summary>
    /// A linear map is two calls in an expression, which reflection doesn't see: its name is read from the sources. Its adjoint counts, too.
    /// </summary>
    private static IEnumerable<string> LinearMaps([CallerFilePath] string here = "") =>
        from file in Directory.GetFiles(Path.Combine(Path.GetDirectoryName(here)!, "../../../src"), "*.cs", SearchOption.AllDirectories)
        from Match map in LinearMapMade().Matches(File.ReadAllText(file))
        let name = map.Groups["name"].Success ? map.Groups["name"].Value : $"of no literal name, in {Path.GetFileName(file)}: {map.Value}"
        from each in new[] { name, $"adjoint of {name}" }
        select each;

    [GeneratedRegex("""\bnew LinearMap\((?!\$"adjoint of )(\s*"(?<name>[^"]+)")?""")]
    private static partial Regex LinearMapMade();

    [Test]
    public void A_broken_rule_is_caught()
    {
        using ReferenceDevice device = new();
        Tensor[] leaves = Leaves(device, Unary("", (t, x) => x));
        Tensor Broken(Tape tape) => tape.Apply(
            new Map<Exponential>(default, Saved.Outputs, (t, y, g) => t.Scale(t.Multiply(g, y), 1.0001)), leaves[0])[0];

        Assert.That(GradientCheck.Run(device, Broken, leaves).RelativeError, Is.GreaterThan(10 * Tolerance));
    }

    [Test]
    public void A_rule_that_is_right_once_and_broken_twice_is_caught_at_order_two()
    {
        using ReferenceDevice device = new();
        Tensor[] leaves = Leaves(device, Unary("", (t, x) => x));
        // The gradient's value is right, but the second factor hides its dependence on x.
        Tensor Broken(Tape tape) => tape.Apply(new Map<Square>(default, Saved.Inputs,
            (t, x, g) => t.Scale(t.Multiply(g, Tape.View(x, x.Shape)), 2)), leaves[0])[0];

        GradientCheckResult first = GradientCheck.Run(device, Broken, leaves, orders: 1);
        GradientCheckResult second = GradientCheck.Run(device, Broken, leaves, orders: 2);

        Assert.That(first.RelativeError, Is.LessThanOrEqualTo(Tolerance));
        Assert.That((second.Order, second.RelativeError > 0.1), Is.EqualTo((2, true)));
    }

    private static Tensor[] Leaves(IDevice device, Case @case)
    {
        Random random = new(7);
        return
        [
            .. @case.Shapes.Select(shape => Tensor.From(device, shape, [.. Enumerable.Range(0, shape.Length).Select(_ => @case.Values(random))])),
        ];
    }
}
