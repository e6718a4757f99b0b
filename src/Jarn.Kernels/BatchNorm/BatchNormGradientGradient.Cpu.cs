using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    public void BatchNormGradientGradient(in BatchNormGradientInputs inputs, in BatchNormSecondCotangents cotangents, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent)
    {
        inputs.Check(geometry);
        cotangents.Check(geometry);
        geometry.CheckFull(xCotangent, outputCotangentCotangent);
        geometry.CheckChannels(gammaCotangent);
        int stride = Lanes.RoundUp(geometry.Channels);
        SecondGradientSums sums = new()
        {
            Normalized = Normalized(inputs, geometry),
            Samples = geometry.Samples,
            G = Pointer(inputs.OutputCotangent),
            V = Pointer(cotangents.X),
            A = Pointer(cotangents.Gamma),
            B = Pointer(cotangents.Beta),
            GammaCotangent = Pointer(gammaCotangent),
            Coefficients = Coefficients(SecondGradientSums.CoefficientCount, stride),
            Stride = stride,
        };
        SumChannels(sums, geometry);
        SecondGradientJob job = new()
        {
            Sums = sums,
            Geometry = geometry,
            XCotangent = Pointer(xCotangent),
            GCotangent = Pointer(outputCotangentCotangent),
        };
        _workers.Run(job, Blocks(geometry.Samples, SamplesPerBlock));
    }

    private struct SecondGradientSums : IChannelSums
    {
        public const int CoefficientCount = 8;

        public NormalizedInput Normalized;
        public int Samples, Stride;
        public float* G, V, A, B, GammaCotangent, Coefficients;

        public static int Count => 5;

        public readonly void Add(nint element, int channel, int lanes, float* sums, int stride)
        {
            Vector256<float> xHat = Normalized.Load(element, channel, lanes), v = Lanes.Load(V + element, lanes);
            Vector256<float> g = Normalized.Pass(Lanes.Load(G + element, lanes), xHat, channel, lanes);
            (Vector256.Load(sums) + g).Store(sums);
            sums += stride;
            Vector256.MultiplyAddEstimate(g, xHat, Vector256.Load(sums)).Store(sums);
            sums += stride;
            (Vector256.Load(sums) + v).Store(sums);
            sums += stride;
            Vector256.MultiplyAddEstimate(v, xHat, Vector256.Load(sums)).Store(sums);
            sums += stride;
            Vector256.MultiplyAddEstimate(v, g, Vector256.Load(sums)).Store(sums);
        }

        /// <remarks>
        /// The cotangents as they are computed elementwise: of g, c₀(v − c₁ − x̂·c₂) + c₃·x̂ with b added, and that of ȳ what the leaky ReLU leaves of it; of x, c₄g + c₅v − c₆ − x̂·c₇.
        /// </remarks>
        public readonly void Finish(int channel, ReadOnlySpan<double> totals)
        {
            (double sg, double sgx, double sv, double svx, double svg) = (totals[0], totals[1], totals[2], totals[3], totals[4]);
            double m = Samples, r = Normalized.ReciprocalDeviation[channel], gammaR = Normalized.Gamma[channel] * r;
            double q = svg - (sv * sg / m) - (svx * sgx / m);
            double alpha = A[channel] - (gammaR * svx / m), delta = -gammaR * sgx / m;
            GammaCotangent[channel] = (float)(r * q);
            ReadOnlySpan<double> coefficients =
            [
                gammaR,
                sv / m,
                svx / m,
                A[channel],
                r * alpha,
                r * delta,
                r * ((alpha * sg) + (delta * sv)) / m,
                r * ((alpha * sgx) + (delta * svx) + (gammaR * q)) / m,
            ];
            for (int k = 0; k < CoefficientCount; k++)
            {
                Coefficients[(k * Stride) + channel] = (float)coefficients[k];
            }
        }
    }

    private struct SecondGradientJob : IBlockJob
    {
        public SecondGradientSums Sums;
        public BatchNormGeometry Geometry;
        public float* XCotangent, GCotangent;

        public readonly void Execute(int block, Scratch scratch)
        {
            SecondGradientSums sums = Sums;
            int channels = Geometry.Channels, last = Math.Min((block + 1) * SamplesPerBlock, Geometry.Samples);
            nint stride = sums.Stride;
            for (int row = block * SamplesPerBlock; row < last; row++)
            {
                for (int c = 0; c < channels; c += Lanes.Width)
                {
                    int lanes = Lanes.Count(c, channels);
                    nint element = ((nint)row * channels) + c;
                    float* k = sums.Coefficients + c;
                    Vector256<float> xHat = sums.Normalized.Load(element, c, lanes);
                    Vector256<float> g = sums.Normalized.Pass(Lanes.Load(sums.G + element, lanes), xHat, c, lanes), v = Lanes.Load(sums.V + element, lanes);
                    Vector256<float> projected = v - Vector256.Load(k + stride) - (xHat * Vector256.Load(k + (2 * stride)));
                    Vector256<float> gBar = (projected * Vector256.Load(k)) + (xHat * Vector256.Load(k + (3 * stride))) + Lanes.Load(sums.B + c, lanes);
                    Vector256<float> xBar = (g * Vector256.Load(k + (4 * stride))) + (v * Vector256.Load(k + (5 * stride)))
                        - Vector256.Load(k + (6 * stride)) - (xHat * Vector256.Load(k + (7 * stride)));
                    Lanes.Store(sums.Normalized.Pass(gBar, xHat, c, lanes), GCotangent + element, lanes);
                    Lanes.Store(xBar, XCotangent + element, lanes);
                }
            }
        }
    }
}
