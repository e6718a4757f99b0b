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
            Channels = geometry.Channels,
            Cotangent = Read(inputs.OutputCotangent),
            GammaCotangent = Write(gammaCotangent),
            BetaCotangent = Write(betaCotangent),
            Coefficients = Coefficients(GradientJob.CoefficientCount, stride),
            Stride = stride,
        };
        SumChannels(sums, geometry);
        GradientJob job = new() { Sums = sums, Geometry = geometry, XCotangent = Write(xCotangent) };
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
        X = Read(inputs.X),
        Mean = Read(inputs.Mean),
        ReciprocalDeviation = Read(inputs.ReciprocalDeviation),
        Gamma = Read(inputs.Gamma),
        Beta = Read(inputs.Beta),
        Activation = new LeakyReluGradient(geometry.Slope),
    };

    /// <summary>Where x̂ = (x−μ)r and the leaky ReLU's slope come from.</summary>
    private struct NormalizedInput
    {
        public float* X, Mean, ReciprocalDeviation, Gamma, Beta;
        public LeakyReluGradient Activation;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly NormalizedChannels Of(ChannelColumn column)
        {
            (int c, int lanes) = (column.Channel, column.Lanes);
            return new NormalizedChannels
            {
                Mean = Lanes.Load(Mean + c, lanes),
                ReciprocalDeviation = Lanes.Load(ReciprocalDeviation + c, lanes),
                Gamma = Lanes.Load(Gamma + c, lanes),
                Beta = Lanes.Load(Beta + c, lanes),
                Activation = Activation,
            };
        }
    }

    /// <summary>The same for the channels of a column.</summary>
    private struct NormalizedChannels
    {
        public Vector256<float> Mean, ReciprocalDeviation, Gamma, Beta;
        public LeakyReluGradient Activation;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector256<float> Normalize(Vector256<float> x) => (x - Mean) * ReciprocalDeviation;

        /// <summary>What the leaky ReLU behind γx̂ + β leaves of a cotangent.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector256<float> Pass(Vector256<float> cotangent, Vector256<float> xHat) =>
            Activation.Invoke(Vector256.MultiplyAddEstimate(xHat, Gamma, Beta), cotangent);
    }

    private struct GradientSums : IChannelSums
    {
        public NormalizedInput Normalized;
        public int Samples, Channels, Stride;
        public float* Cotangent, GammaCotangent, BetaCotangent, Coefficients;

        public static int Count => 2;

        public readonly void Add(ChannelColumn column, float* sums, int stride)
        {
            (int rows, int lanes, int channels) = (column.Rows, column.Lanes, Channels);
            float* x = Normalized.X + column.Element, cotangent = Cotangent + column.Element;
            NormalizedChannels normalized = Normalized.Of(column);
            Vector256<float> sg = Vector256.Load(sums), sgx = Vector256.Load(sums + stride);
            for (int row = 0; row < rows; row++, x += channels, cotangent += channels)
            {
                Vector256<float> xHat = normalized.Normalize(Lanes.Load(x, lanes)), g = normalized.Pass(Lanes.Load(cotangent, lanes), xHat);
                sg += g;
                sgx = Vector256.MultiplyAddEstimate(g, xHat, sgx);
            }
            sg.Store(sums);
            sgx.Store(sums + stride);
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

    private struct GradientJob : IBlockJob, IColumnVisitor
    {
        public const int CoefficientCount = 3;

        public GradientSums Sums;
        public BatchNormGeometry Geometry;
        public float* XCotangent;

        public readonly void Execute(int block, Scratch scratch) => VisitColumns(this, Geometry, block);

        public readonly void Visit(ChannelColumn column)
        {
            (int rows, int lanes, int channels, int stride) = (column.Rows, column.Lanes, Geometry.Channels, Sums.Stride);
            float* x = Sums.Normalized.X + column.Element, cotangent = Sums.Cotangent + column.Element, xBar = XCotangent + column.Element;
            float* k = Sums.Coefficients + column.Channel;
            NormalizedChannels normalized = Sums.Normalized.Of(column);
            Vector256<float> scale = Vector256.Load(k), meanG = Vector256.Load(k + stride), meanGX = Vector256.Load(k + (2 * stride));
            for (int row = 0; row < rows; row++, x += channels, cotangent += channels, xBar += channels)
            {
                Vector256<float> xHat = normalized.Normalize(Lanes.Load(x, lanes)), g = normalized.Pass(Lanes.Load(cotangent, lanes), xHat);
                Lanes.Store((g - meanG - (xHat * meanGX)) * scale, xBar, lanes);
            }
        }
    }
}
