using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <remarks>
/// The formulas, and what their letters mean, stand at the reference device's methods. Here x̂ = r·d with d = x − μ, and r waits until the sums over
/// the samples are done.
/// </remarks>
public sealed unsafe partial class CpuDevice
{
    internal void BatchNormGradient(in BatchNormGradientCall call)
    {
        (BatchNormGradientInputs inputs, BatchNormGeometry geometry, DeviceBuffer xCotangent, DeviceBuffer gammaCotangent,
            DeviceBuffer betaCotangent) = call;
        ChannelCoefficients coefficients = Coefficients(geometry, GradientMap.Coefficients);
        GradientSums sums = new()
        {
            Inputs = new GradientInputs(Read(inputs.X), Read(inputs.OutputCotangent), geometry),
            Normalized = Normalized(inputs, coefficients),
            Coefficients = coefficients,
            GammaCotangent = Write(gammaCotangent),
            BetaCotangent = Write(betaCotangent),
        };
        SumChannels(sums, coefficients);
        MapChannels(new GradientMap { Inputs = sums.Inputs, XCotangent = Write(xCotangent) }, coefficients);
    }

    private NormalizedChannels Normalized(in BatchNormGradientInputs inputs, ChannelCoefficients coefficients)
    {
        NormalizedChannels normalized = new(coefficients, Read(inputs.Gamma), Read(inputs.Beta), Read(inputs.Mean), Read(inputs.ReciprocalDeviation));
        for (int channel = 0; channel < coefficients.Samples.Channels; channel++)
        {
            normalized.Set(channel);
        }
        return normalized;
    }

    /// <summary>Where d and g come from.</summary>
    private readonly struct GradientInputs(float* x, float* outputCotangent, BatchNormGeometry geometry)
    {
        private readonly LeakyReluGradient _activation = new(geometry.Slope);

        public int Samples { get; } = geometry.Samples;

        /// <summary>d, γx̂ + β and g</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector256<float> Deviation, Vector256<float> Normalized, Vector256<float> G) At<TAccess>(
            TAccess access, nint element, float* coefficients)
            where TAccess : struct, IVectorAccess
        {
            Vector256<float> deviation = NormalizedChannels.Deviation(access.Load(x + element), coefficients);
            Vector256<float> normalized = NormalizedChannels.Normalize(deviation, coefficients);
            return (deviation, normalized, Pass(normalized, access.Load(outputCotangent + element)));
        }

        /// <summary>What the leaky ReLU behind γx̂ + β leaves of a cotangent.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Pass(Vector256<float> normalized, Vector256<float> cotangent) => _activation.Invoke(normalized, cotangent);
    }

    private struct GradientSums : IChannelSums
    {
        public GradientInputs Inputs;
        public NormalizedChannels Normalized;
        public ChannelCoefficients Coefficients;
        public float* GammaCotangent, BetaCotangent;

        public static int Count => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Add<TAccess>(TAccess access, nint element, int rowLength, int rows, float* coefficients, double* totals)
            where TAccess : struct, IVectorAccess
        {
            GradientInputs inputs = Inputs;
            Vector256<float> sg = default, sgd = default;
            for (int row = 0; row < rows; row++, element += rowLength)
            {
                (Vector256<float> d, _, Vector256<float> g) = inputs.At(access, element, coefficients);
                sg += g;
                sgd = Vector256.MultiplyAddEstimate(g, d, sgd);
            }
            AddTo(totals, 0, sg);
            AddTo(totals, 1, sgd);
        }

        public readonly void Finish(int channel, ReadOnlySpan<double> totals)
        {
            double r = Normalized.ReciprocalDeviation[channel], share = (double)Normalized.Scale(channel) / Inputs.Samples;
            (double sg, double sgx) = (totals[0], r * totals[1]);
            BetaCotangent[channel] = (float)sg;
            GammaCotangent[channel] = (float)sgx;
            Coefficients[3, channel] = (float)(-share * sg);
            Coefficients[4, channel] = (float)(-share * r * sgx);
        }
    }

    /// <summary>γr·g − γr·Sg/m − d·γr²·Sgx/m</summary>
    private struct GradientMap : IChannelMap
    {
        public GradientInputs Inputs;
        public float* XCotangent;

        public static int Coefficients => NormalizedChannels.Coefficients + 2;

        public static int Outputs => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TAccess>(TAccess access, nint element, float* coefficients) where TAccess : struct, IVectorAccess
        {
            (Vector256<float> d, _, Vector256<float> g) = Inputs.At(access, element, coefficients);
            Vector256<float> scale = Vector256.Load(coefficients + Lanes.Width), constant = Vector256.Load(coefficients + (3 * Lanes.Width));
            Vector256<float> linear = Vector256.Load(coefficients + (4 * Lanes.Width));
            access.Store(Vector256.MultiplyAddEstimate(g, scale, Vector256.MultiplyAddEstimate(d, linear, constant)), XCotangent + element);
        }
    }
}
