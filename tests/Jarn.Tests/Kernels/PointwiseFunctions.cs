using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>Every pointwise function that the kernels have, found by reflection so that none can be forgotten.</summary>
public static class PointwiseFunctions
{
    /// <summary>For functions that round once or twice: in their parameter, and in their one operation.</summary>
    public const double DefaultRoundings = 2;

    /// <summary>Ties at the bounds of <see cref="Clamp"/> are among the points: exact in single precision, so that a tie is one everywhere.</summary>
    private const double Low = -0.5, High = 0.75;

    /// <summary>
    /// The parameters to construct with, by their number; exact in single precision too, lest Offset's cancel all but their rounding.
    /// </summary>
    private static readonly object[][][] Arguments = [[[]], [[0.125], [0.0], [-1.5]], [[Low, High]]];

    public static IEnumerable<TestCaseData> Unary => Instances(typeof(IUnaryFunction));

    public static IEnumerable<TestCaseData> Binary => Instances(typeof(IBinaryFunction));

    private static readonly float[] SpecialPoints =
    [
        0f, -0f, 1e-37f, -1e-37f, 1e-20f, -1e-20f, 1e-7f, -1e-7f,
        (float)Low, MathF.BitIncrement((float)Low), MathF.BitDecrement((float)Low),
        (float)High, MathF.BitIncrement((float)High), MathF.BitDecrement((float)High),
        0.625f, -0.625f, 1f, -1f, MathF.BitIncrement(1f), MathF.BitDecrement(1f), 9f, -9f, 17f, -17f, 88f, -88f, 100f, -100f,
        1e10f, -1e10f, 1e37f, -1e37f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    public static float[] Points { get; } =
        [.. SpecialPoints, .. Sample.Uniform(201, seed: 1, low: -100, high: 100), .. Sample.Normal(803, seed: 2)];

    /// <summary>Every special point with every other, but for those where only an intermediate result overflows.</summary>
    public static (float[] X, float[] S) Pairs(Type function)
    {
        (float X, float S)[] pairs = [.. SpecialPoints.SelectMany(x => SpecialPoints.Select(s => (x, s))).Where(pair => function.Name switch
        {
            nameof(LeakyReluOfSum) or nameof(TanhOfSum) => !float.IsFinite(pair.x) || !float.IsFinite(pair.s) || float.IsFinite(pair.x + pair.s),
            nameof(TanhGradient) => !float.IsFinite(pair.x) || float.IsFinite(pair.x * pair.x),
            _ => true,
        })];
        return ([.. pairs.Select(pair => pair.X)], [.. pairs.Select(pair => pair.S)]);
    }

    /// <summary>The permitted errors of result and argument, in roundings; 2 of them are a unit in the last place.</summary>
    /// <param name="function">The type of the function's struct.</param>
    /// <param name="approximates">
    /// The device is a GPU. CUDA's ex2.approx and lg2.approx are good to 2 units in the last place after an argument reduction that
    /// rounds, and lg2 to 2⁻²² absolutely near 1; division and roots may be 2 units off. OpenCL permits 3 units for exp, log and roots,
    /// 2.5 for division.
    /// </param>
    public static (double Forward, double Backward) Roundings(Type function, bool approximates) => function.Name switch
    {
        // Vector256.Exp and Log are good to 2 units in the last place.
        nameof(Exponential) or nameof(Logarithm) => approximates ? (8, 8) : (4, 0),
        // An exponential, an addition or two, a division; tanh's quotient loses two bits to 1 − e above its crossing at 0.625.
        nameof(Sigmoid) or nameof(Softplus) => approximates ? (16, 8) : (8, 0),
        // A sigmoid or two, and what they are multiplied with; the sum in the derivative changes its sign, which the argument's error stands for.
        nameof(Silu) or nameof(SiluDerivative) => approximates ? (32, 16) : (16, 8),
        nameof(HyperbolicTangent) or nameof(TanhOfSum) => approximates ? (16, 8) : (8, 0),
        nameof(Reciprocal) or nameof(SquareRoot) or nameof(ReciprocalSquareRoot) => approximates ? (8, 0) : (DefaultRoundings, 0),
        // A sum before, and the slope's product; two sums and two products.
        nameof(LeakyReluOfSum) => (DefaultRoundings + 1, 0),
        nameof(TanhGradient) => (2 * DefaultRoundings, 0),
        _ => (DefaultRoundings, 0),
    };

    private static IEnumerable<TestCaseData> Instances(Type kind) =>
        from type in kind.Assembly.GetExportedTypes()
        where type.IsValueType && type.IsAssignableTo(kind)
        let parameters = type.GetConstructors().Select(constructor => constructor.GetParameters().Length).DefaultIfEmpty(0).Max()
        from arguments in Arguments[parameters]
        select new TestCaseData(Activator.CreateInstance(type, arguments)).SetArgDisplayNames($"{type.Name}({string.Join(", ", arguments)})");
}
