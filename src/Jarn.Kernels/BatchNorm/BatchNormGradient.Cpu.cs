using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <remarks>The formulas, and what their letters mean, stand at the reference device's methods.</remarks>
public sealed unsafe partial class CpuDevice
{
    public void BatchNormGradient(in BatchNormGradientInputs inputs, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer betaCotangent)
    {
        inputs.Check(geometry);
        geometry.CheckFull(xCotangent);
        geometry.CheckChannels(gammaCotangent, betaCotangent);
        int stride = Lanes.RoundUp(geometry.Channels);
        GradientSums sums = new()
        {
            Normalized = Normalized(inputs, geometry),
            Samples = geometry.Samples,
            Cotangent = Pointer(inputs.OutputCotangent),
            GammaCotangent = Pointer(gammaCotangent),
            BetaCotangent = Pointer(betaCotangent),
            Coefficients = Coefficients(GradientJob.CoefficientCount, stride),
            Stride = stride,
        };
        SumChannels(sums, geometry);
        GradientJob job = new() { Sums = sums, Geometry = geometry, XCotangent = Pointer(xCotangent) };
        _workers.Run(job, Blocks(geometry.Samples, SamplesPerBlock));
    }

    private float* Coefficients(int count, int stride)
    {
        float* coefficients = _workspace.Reserve<float>(Slot.Coefficients, (nint)count * stride);
        new Span<float>(coefficients, count * stride).Clear();
        return coefficients;
    }

    private NormalizedInput Normalized(in BatchNormGradientInputs inputs, BatchNormGeometry geometry) => new()
    {
        X = Pointer(inputs.X),
        Mean = Pointer(inputs.Mean),
        ReciprocalDeviation = Pointer(inputs.ReciprocalDeviation),
        Gamma = Pointer(inputs.Gamma),
        Beta = Pointer(inputs.Beta),
        Activation = new LeakyReluGradient(geometry.Slope),
    };

    /// <summary>x̂ = (x−μ)r, and what the leaky ReLU behind γx̂ + β leaves of a cotangent.</summary>
    private struct NormalizedInput
    {
        public float* X, Mean, ReciprocalDeviation, Gamma, Beta;
        public LeakyReluGradient Activation;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector256<float> Load(nint element, int channel, int lanes) =>
            (Lanes.Load(X + element, lanes) - Lanes.Load(Mean + channel, lanes)) * Lanes.Load(ReciprocalDeviation + channel, lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector256<float> Pass(Vector256<float> cotangent, Vector256<float> xHat, int channel, int lanes) => Activation.Invoke(
            Vector256.MultiplyAddEstimate(xHat, Lanes.Load(Gamma + channel, lanes), Lanes.Load(Beta + channel, lanes)), cotangent);
    }

    private struct GradientSums : IChannelSums
    {
        public NormalizedInput Normalized;
        public int Samples, Stride;
        public float* Cotangent, GammaCotangent, BetaCotangent, Coefficients;

        public static int Count => 2;

        public readonly void Add(nint element, int channel, int lanes, float* sums, int stride)
        {
            Vector256<float> xHat = Normalized.Load(element, channel, lanes);
            Vector256<float> g = Normalized.Pass(Lanes.Load(Cotangent + element, lanes), xHat, channel, lanes);
            (Vector256.Load(sums) + g).Store(sums);
            Vector256.MultiplyAddEstimate(g, xHat, Vector256.Load(sums + stride)).Store(sums + stride);
        }

        public readonly void Finish(int channel, ReadOnlySpan<double> totals)
        {
            (double sg, double sgx) = (totals[0], totals[1]);
            BetaCotangent[channel] = (float)sg;
            GammaCotangent[channel] = (float)sgx;
            float* coefficient = Coefficients + channel;
            coefficient[0] = (float)((double)Normalized.Gamma[channel] * Normalized.ReciprocalDeviation[channel]);
            coefficient[Stride] = (float)(sg / Samples);
            coefficient[2 * Stride] = (float)(sgx / Samples);
        }
    }

    private struct GradientJob : IBlockJob
    {
        public const int CoefficientCount = 3;

        public GradientSums Sums;
        public BatchNormGeometry Geometry;
        public float* XCotangent;

        public readonly void Execute(int block, Scratch scratch)
        {
            GradientSums sums = Sums;
            int channels = Geometry.Channels, stride = sums.Stride, last = Math.Min((block + 1) * SamplesPerBlock, Geometry.Samples);
            for (int row = block * SamplesPerBlock; row < last; row++)
            {
                for (int c = 0; c < channels; c += Lanes.Width)
                {
                    int lanes = Lanes.Count(c, channels);
                    nint element = ((nint)row * channels) + c;
                    float* coefficient = sums.Coefficients + c;
                    Vector256<float> xHat = sums.Normalized.Load(element, c, lanes);
                    Vector256<float> g = sums.Normalized.Pass(Lanes.Load(sums.Cotangent + element, lanes), xHat, c, lanes);
                    Vector256<float> centered = g - Vector256.Load(coefficient + stride);
                    centered -= xHat * Vector256.Load(coefficient + (2 * stride));
                    Lanes.Store(centered * Vector256.Load(coefficient), XCotangent + element, lanes);
                }
            }
        }
    }
}
