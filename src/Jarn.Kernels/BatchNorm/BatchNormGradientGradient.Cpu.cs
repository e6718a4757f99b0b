using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal void BatchNormGradientGradient(in BatchNormGradientGradientCall call)
    {
        (BatchNormGradientInputs inputs, BatchNormSecondCotangents cotangents, BatchNormGeometry geometry, DeviceBuffer xCotangent,
            DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent) = call;
        ChannelCoefficients coefficients = Coefficients(geometry, SecondGradientMap.Coefficients);
        SecondGradientSums sums = new()
        {
            Inputs = new GradientInputs(Read(inputs.X), Read(inputs.OutputCotangent), geometry),
            Normalized = Normalized(inputs, coefficients),
            Coefficients = coefficients,
            V = Read(cotangents.X),
            A = Read(cotangents.Gamma),
            B = Read(cotangents.Beta),
            GammaCotangent = Write(gammaCotangent),
        };
        SumChannels(sums, coefficients);
        SecondGradientMap map = new()
        {
            Inputs = sums.Inputs,
            V = sums.V,
            XCotangent = Write(xCotangent),
            OutputCotangentCotangent = Write(outputCotangentCotangent),
        };
        MapChannels(map, coefficients);
    }

    private struct SecondGradientSums : IChannelSums
    {
        public GradientInputs Inputs;
        public NormalizedChannels Normalized;
        public ChannelCoefficients Coefficients;
        public float* V, A, B, GammaCotangent;

        public static int Count => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Add<TAccess>(TAccess access, nint element, int rowLength, int rows, float* coefficients, double* totals)
            where TAccess : struct, IVectorAccess
        {
            GradientInputs inputs = Inputs;
            float* second = V + element;
            Vector256<float> sg = default, sgd = default, sv = default, svd = default, svg = default;
            for (int row = 0; row < rows; row++, element += rowLength, second += rowLength)
            {
                (Vector256<float> d, _, Vector256<float> g) = inputs.At(access, element, coefficients);
                Vector256<float> v = access.Load(second);
                sg += g;
                sgd = Vector256.MultiplyAddEstimate(g, d, sgd);
                sv += v;
                svd = Vector256.MultiplyAddEstimate(v, d, svd);
                svg = Vector256.MultiplyAddEstimate(v, g, svg);
            }
            AddTo(totals, 0, sg);
            AddTo(totals, 1, sgd);
            AddTo(totals, 2, sv);
            AddTo(totals, 3, svd);
            AddTo(totals, 4, svg);
        }

        public readonly void Finish(int channel, ReadOnlySpan<double> totals)
        {
            double m = Inputs.Samples, r = Normalized.ReciprocalDeviation[channel], gammaR = Normalized.Scale(channel);
            (double sg, double sgx, double sv, double svx, double svg) = (totals[0], r * totals[1], totals[2], r * totals[3], totals[4]);
            double q = svg - (sv * sg / m) - (svx * sgx / m);
            double alpha = A[channel] - (gammaR * svx / m), delta = -gammaR * sgx / m;
            GammaCotangent[channel] = (float)(r * q);
            Coefficients[3, channel] = (float)(B[channel] - (gammaR * sv / m));
            Coefficients[4, channel] = (float)(r * alpha);
            Coefficients[5, channel] = (float)(r * delta);
            Coefficients[6, channel] = (float)(-r * ((alpha * sg) + (delta * sv)) / m);
            Coefficients[7, channel] = (float)(-r * r * ((alpha * sgx) + (delta * svx) + (gammaR * q)) / m);
        }
    }

    /// <summary>
    /// The cotangent of g is γr·v + rα·d + (b − γr·Sv/m), and that of ȳ what the leaky ReLU leaves of it; the cotangent of x is
    /// rα·g + rδ·v − r(α·Sg + δ·Sv)/m − d·r²(α·Sgx + δ·Svx + γr·Q)/m.
    /// </summary>
    private struct SecondGradientMap : IChannelMap
    {
        public GradientInputs Inputs;
        public float* V, XCotangent, OutputCotangentCotangent;

        public static int Coefficients => NormalizedChannels.Coefficients + 5;

        public static int Outputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TAccess>(TAccess access, nint element, float* coefficients) where TAccess : struct, IVectorAccess
        {
            (Vector256<float> d, Vector256<float> normalized, Vector256<float> g) = Inputs.At(access, element, coefficients);
            Vector256<float> v = access.Load(V + element), scale = Vector256.Load(coefficients + Lanes.Width);
            Vector256<float> constant = Vector256.Load(coefficients + (3 * Lanes.Width)), alpha = Vector256.Load(coefficients + (4 * Lanes.Width));
            Vector256<float> gBar = Vector256.MultiplyAddEstimate(v, scale, Vector256.MultiplyAddEstimate(d, alpha, constant));
            access.Store(Inputs.Pass(normalized, gBar), OutputCotangentCotangent + element);
            Vector256<float> delta = Vector256.Load(coefficients + (5 * Lanes.Width)), xConstant = Vector256.Load(coefficients + (6 * Lanes.Width));
            Vector256<float> xLinear = Vector256.Load(coefficients + (7 * Lanes.Width));
            Vector256<float> ofD = Vector256.MultiplyAddEstimate(d, xLinear, xConstant), ofV = Vector256.MultiplyAddEstimate(v, delta, ofD);
            access.Store(Vector256.MultiplyAddEstimate(g, alpha, ofV), XCotangent + element);
        }
    }
}
