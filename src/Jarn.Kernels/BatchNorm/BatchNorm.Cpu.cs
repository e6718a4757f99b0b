using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal void BatchNorm(in BatchNormCall call)
    {
        (DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry, DeviceBuffer y, DeviceBuffer mean,
            DeviceBuffer reciprocalDeviation) = call;
        ChannelCoefficients coefficients = Coefficients(geometry, NormalizedChannels.Coefficients);
        StatisticsSums statistics = new()
        {
            Geometry = geometry,
            X = Read(x),
            Normalized = new NormalizedChannels(coefficients, Read(gamma), Read(beta), Write(mean), Write(reciprocalDeviation)),
        };
        SumChannels(statistics, coefficients);
        MapChannels(new Normalize { X = Read(x), Y = Write(y), Activation = new LeakyRelu(geometry.Slope) }, coefficients);
    }

    /// <summary>The coefficients that all orders begin with, and what they come from: with d = x − μ, γx̂ + β = γr·d + β.</summary>
    private readonly struct NormalizedChannels(ChannelCoefficients coefficients, float* gamma, float* beta, float* mean, float* reciprocalDeviation)
    {
        public const int Coefficients = 3;

        public float* Mean { get; } = mean;

        public float* ReciprocalDeviation { get; } = reciprocalDeviation;

        /// <summary>γr, rounded once for all orders, so that none finds another side of the leaky ReLU's kink.</summary>
        public float Scale(int channel) => gamma[channel] * ReciprocalDeviation[channel];

        public void Set(int channel)
        {
            coefficients[0, channel] = Mean[channel];
            coefficients[1, channel] = Scale(channel);
            coefficients[2, channel] = beta[channel];
        }

        /// <summary>x − μ</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Deviation(Vector256<float> x, float* coefficients) => x - Vector256.Load(coefficients);

        /// <summary>γx̂ + β</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Normalize(Vector256<float> deviation, float* coefficients) =>
            Vector256.MultiplyAddEstimate(deviation, Vector256.Load(coefficients + Lanes.Width), Vector256.Load(coefficients + (2 * Lanes.Width)));
    }

    /// <summary>
    /// Σx and Σx² in double: the variance E[x²] − μ² is off by no more than κ²·2⁻⁵³ of itself, κ = 1 + |μ|·r; what rounding x to float32 has cost
    /// already, κ·2⁻²⁴, is more up to κ = 2²⁹.
    /// </summary>
    private struct StatisticsSums : IChannelSums
    {
        public BatchNormGeometry Geometry;
        public float* X;
        public NormalizedChannels Normalized;

        public static int Count => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Add<TAccess>(TAccess access, nint element, int rowLength, int rows, float* coefficients, double* totals)
            where TAccess : struct, IVectorAccess
        {
            float* at = X + element;
            Vector256<double> lowerSum = default, upperSum = default, lowerSquares = default, upperSquares = default;
            for (int row = 0; row < rows; row++, at += rowLength)
            {
                Vector256<float> x = access.Load(at);
                Vector256<double> lower = Vector256.WidenLower(x), upper = Vector256.WidenUpper(x);
                lowerSum += lower;
                upperSum += upper;
                lowerSquares = Vector256.MultiplyAddEstimate(lower, lower, lowerSquares);
                upperSquares = Vector256.MultiplyAddEstimate(upper, upper, upperSquares);
            }
            AddTo(totals, 0, lowerSum, upperSum);
            AddTo(totals, 1, lowerSquares, upperSquares);
        }

        public readonly void Finish(int channel, ReadOnlySpan<double> totals)
        {
            double mean = totals[0] / Geometry.Samples, variance = Math.Max(0, (totals[1] / Geometry.Samples) - (mean * mean));
            Normalized.Mean[channel] = (float)mean;
            Normalized.ReciprocalDeviation[channel] = (float)(1 / Math.Sqrt(variance + Geometry.Epsilon));
            Normalized.Set(channel);
        }
    }

    private struct Normalize : IChannelMap
    {
        public float* X, Y;
        public LeakyRelu Activation;

        public static int Coefficients => NormalizedChannels.Coefficients;

        public static int Outputs => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TAccess>(TAccess access, nint element, float* coefficients) where TAccess : struct, IVectorAccess
        {
            Vector256<float> deviation = NormalizedChannels.Deviation(access.Load(X + element), coefficients);
            access.Store(Activation.Invoke(NormalizedChannels.Normalize(deviation, coefficients)), Y + element);
        }
    }
}
