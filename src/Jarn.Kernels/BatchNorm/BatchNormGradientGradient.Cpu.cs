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
            Channels = geometry.Channels,
            G = Read(inputs.OutputCotangent),
            V = Read(cotangents.X),
            A = Read(cotangents.Gamma),
            B = Read(cotangents.Beta),
            GammaCotangent = Write(gammaCotangent),
            Coefficients = Coefficients(SecondGradientSums.CoefficientCount, stride),
            Stride = stride,
        };
        SumChannels(sums, geometry);
        SecondGradientJob job = new()
        {
            Sums = sums,
            Geometry = geometry,
            XCotangent = Write(xCotangent),
            GCotangent = Write(outputCotangentCotangent),
        };
        _workers.Run(job, Blocks(geometry.Samples, SamplesPerBlock));
    }

    private struct SecondGradientSums : IChannelSums
    {
        public const int CoefficientCount = 8;

        public NormalizedInput Normalized;
        public int Samples, Channels, Stride;
        public float* G, V, A, B, GammaCotangent, Coefficients;

        public static int Count => 5;

        public readonly void Add(ChannelColumn column, float* sums, int stride)
        {
            (int rows, int lanes, int channels) = (column.Rows, column.Lanes, Channels);
            float* x = Normalized.X + column.Element, cotangent = G + column.Element, second = V + column.Element;
            NormalizedChannels normalized = Normalized.Of(column);
            Vector256<float> sg = Vector256.Load(sums), sgx = Vector256.Load(sums + stride), sv = Vector256.Load(sums + (2 * stride));
            Vector256<float> svx = Vector256.Load(sums + (3 * stride)), svg = Vector256.Load(sums + (4 * stride));
            for (int row = 0; row < rows; row++, x += channels, cotangent += channels, second += channels)
            {
                Vector256<float> xHat = normalized.Normalize(Lanes.Load(x, lanes)), v = Lanes.Load(second, lanes);
                Vector256<float> g = normalized.Pass(Lanes.Load(cotangent, lanes), xHat);
                sg += g;
                sgx = Vector256.MultiplyAddEstimate(g, xHat, sgx);
                sv += v;
                svx = Vector256.MultiplyAddEstimate(v, xHat, svx);
                svg = Vector256.MultiplyAddEstimate(v, g, svg);
            }
            sg.Store(sums);
            sgx.Store(sums + stride);
            sv.Store(sums + (2 * stride));
            svx.Store(sums + (3 * stride));
            svg.Store(sums + (4 * stride));
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

    private struct SecondGradientJob : IBlockJob, IColumnVisitor
    {
        public SecondGradientSums Sums;
        public BatchNormGeometry Geometry;
        public float* XCotangent, GCotangent;

        public readonly void Execute(int block, Scratch scratch) => VisitColumns(this, Geometry, block);

        public readonly void Visit(ChannelColumn column)
        {
            (int rows, int lanes, int channels, int stride) = (column.Rows, column.Lanes, Geometry.Channels, Sums.Stride);
            float* x = Sums.Normalized.X + column.Element, cotangent = Sums.G + column.Element, second = Sums.V + column.Element;
            float* xBar = XCotangent + column.Element, gBar = GCotangent + column.Element, k = Sums.Coefficients + column.Channel;
            NormalizedChannels normalized = Sums.Normalized.Of(column);
            Vector256<float> b = Lanes.Load(Sums.B + column.Channel, lanes);
            for (int row = 0; row < rows; row++, x += channels, cotangent += channels, second += channels, xBar += channels, gBar += channels)
            {
                Vector256<float> xHat = normalized.Normalize(Lanes.Load(x, lanes)), v = Lanes.Load(second, lanes);
                Vector256<float> g = normalized.Pass(Lanes.Load(cotangent, lanes), xHat);
                Vector256<float> projected = v - Vector256.Load(k + stride) - (xHat * Vector256.Load(k + (2 * stride)));
                Vector256<float> passed = (projected * Vector256.Load(k)) + (xHat * Vector256.Load(k + (3 * stride))) + b;
                Lanes.Store(normalized.Pass(passed, xHat), gBar, lanes);
                Vector256<float> moved = (g * Vector256.Load(k + (4 * stride))) + (v * Vector256.Load(k + (5 * stride)))
                    - Vector256.Load(k + (6 * stride)) - (xHat * Vector256.Load(k + (7 * stride)));
                Lanes.Store(moved, xBar, lanes);
            }
        }
    }
}
