using System.Runtime.CompilerServices;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>|error| ≤ Roundings · u · magnitude, u the device's unit roundoff and a magnitude for each output element.</summary>
/// <param name="Roundings">How many rounding errors may add up.</param>
/// <param name="Magnitude">From the call and the reference's outputs, the numbers that the errors are relative to.</param>
public sealed record Tolerance(double Roundings, Func<Call, double[][], double[][]> Magnitude)
{
    /// <summary>
    /// Rounding errors are as good as independent: those of a sum of L products stay below λ·√L·u·Σ|x·w|, but for a probability below
    /// 2·exp(−λ²/2) (Higham and Mary, "A new approach to probabilistic rounding error analysis", 2019). That bound is far from
    /// sharp where terms change their sign, which leaves room for Winograd's transforms, but none for products of eleven bits.
    /// </summary>
    private const double Lambda = 4;

    /// <summary>A call's magnitudes by Winograd, computed once for all devices.</summary>
    private static readonly ConditionalWeakTable<Call, double[][]> WinogradMagnitudes = [];

    /// <summary>For what only moves numbers.</summary>
    public static Tolerance Exact { get; } = Relative(0);

    public static double SumRoundings(int terms) => Lambda * Math.Sqrt(terms);

    /// <summary>For sums of products, relative to the operation on absolute values.</summary>
    public static Tolerance Sum(int terms) => new(SumRoundings(terms), (call, _) => call.OnAbsoluteValues().OnReference());

    /// <summary>
    /// For sums of products on tensor cores. Both factors are rounded to 11 bits, errors of at most 2⁻¹¹ each, as good as independent: their sum
    /// stays below λ·√(2Σ(2⁻¹¹·x·w)²), but for a probability below 2·exp(−λ²/2) (Hoeffding). The sums are cut off, rather than rounded, each time
    /// that four terms are added (Fasi, Higham, Mikaitis and Pranesh, "Numerical behavior of NVIDIA tensor cores", 2021): errors of one sign, of at
    /// most 2u·Σ|x·w| each.
    /// </summary>
    public static Tolerance TensorCoreSum(int terms) => new(1, (call, _) =>
    {
        double[][] squares = call.OnSquares().OnReference(), absolute = call.OnAbsoluteValues().OnReference();
        double rounding = Lambda * Math.Sqrt(2) * Math.ScaleB(1, 24 - 11);
        int additions = (terms + 3) / 4;
        return [.. squares.Zip(absolute, (square, sum) => square.Zip(sum, (s, m) => (rounding * Math.Sqrt(s)) + (2 * additions * m)).ToArray())];
    });

    /// <summary>For a convolution, or its input gradient, by whichever algorithm the device has for it.</summary>
    public static Tolerance Convolution(TestDevice device, ConvolutionGeometry g, bool backward) =>
        device.First is CpuDevice cpu && cpu.UsesWinograd(g, backward)
            ? Winograd(g, backward) : Sum(g.KernelHeight * g.KernelWidth * (backward ? g.OutputChannels : g.InputChannels));

    /// <summary>
    /// Written out, Winograd's result is a sum of products of an element of each matrix, an input and a weight, most of which cancel; the sum of
    /// their absolute values, |Aᵀ|((|G||g||Gᵀ|) ⊙ (|Bᵀ||d||B|))|A|, is what the errors are relative to. A term passes through the roundings of
    /// the sum over channels and, in each direction, at most 3 of the input's transform, 4 of the filter's (its constants are rounded too) and 4 of
    /// the output's. The bound is loose, since most of it cancels; WinogradTests measures what is to be expected.
    /// </summary>
    public static Tolerance Winograd(ConvolutionGeometry g, bool backward)
    {
        const int TransformRoundings = 2 * (3 + 4 + 4);
        int depth = backward ? g.OutputChannels : g.InputChannels * g.StrideHeight * g.StrideWidth;
        return new(SumRoundings(depth + TransformRoundings), (call, _) => WinogradMagnitudes.GetValue(call, call =>
        {
            Call absolute = call.OnAbsoluteValues();
            return [WinogradReference.Of(g).OnAbsoluteValues().Convolve(g, backward, absolute.Inputs[0], absolute.Inputs[1])];
        }));
    }

    /// <summary>For a convolution's filter gradient, by whichever algorithm the device has for it.</summary>
    public static Tolerance FilterGradient(TestDevice device, ConvolutionGeometry g) =>
        device.First is CpuDevice cpu && cpu.UsesWinogradForFilterGradient(g)
            ? WinogradFilterGradient(g) : Sum(g.Batch * g.OutputHeight * g.OutputWidth);

    /// <summary>
    /// The same for |Gᵀ|(Σ (|Bᵀ||d||B|) ⊙ (|A||ȳ||Aᵀ|))|G|. The sum is over tiles, one after the other, and a term passes in each direction through
    /// at most 3 roundings of the input's transform, 3 of the cotangent's and 5 of the sums'.
    /// </summary>
    public static Tolerance WinogradFilterGradient(ConvolutionGeometry g)
    {
        const int TransformRoundings = 2 * (3 + 3 + 5);
        WinogradReference filtering = WinogradReference.Of(g);
        int tiles = WinogradPlan.For(g, backward: false, filtering.Outputs, filtering.Taps).Tiles;
        return new(SumRoundings(tiles + TransformRoundings), (call, _) => WinogradMagnitudes.GetValue(call, call =>
        {
            Call absolute = call.OnAbsoluteValues();
            return [filtering.OnAbsoluteValues().FilterGradient(g, absolute.Inputs[0], absolute.Inputs[1])];
        }));
    }

    /// <summary>Relative to the result; 2 roundings are a unit in the last place.</summary>
    public static Tolerance Relative(double roundings) => new(roundings, (_, expected) => expected);

    public static Tolerance RelativeTo(double roundings, params double[][] magnitudes) => new(roundings, (_, _) => magnitudes);

    /// <summary>The largest permitted error of each output element.</summary>
    public double[][] Bounds(Call call, double[][] expected, DeviceDescription device)
    {
        // A device may take numbers below the smallest normal one for zero.
        double underflow = Roundings > 0 && device.ElementBytes == sizeof(float) ? Math.ScaleB(1, -126) : 0;
        double scale = Roundings * device.UnitRoundoff;
        return Array.ConvertAll(Magnitude(call, expected), output => Array.ConvertAll(output, value => (scale * Math.Abs(value)) + underflow));
    }
}
