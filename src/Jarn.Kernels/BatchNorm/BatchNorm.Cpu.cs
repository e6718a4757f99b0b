using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    public void BatchNorm(DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry,
        DeviceBuffer y, DeviceBuffer mean, DeviceBuffer reciprocalDeviation)
    {
        geometry.CheckFull(x, y);
        geometry.CheckChannels(gamma, beta, mean, reciprocalDeviation);
        int blocks = Blocks(geometry.Samples, SamplesPerBlock), stride = Lanes.RoundUp(geometry.Channels);
        StatisticsJob statistics = new()
        {
            Geometry = geometry,
            X = Read(x),
            Partials = _workspace.Reserve<float>(Slot.Partials, (nint)blocks * StatisticsJob.Count * stride),
            Stride = stride,
        };
        _workers.Run(statistics, blocks);
        NormalizeJob normalize = new()
        {
            Geometry = geometry,
            X = Read(x),
            Gamma = Read(gamma),
            Beta = Read(beta),
            Y = Write(y),
            Mean = Write(mean),
            ReciprocalDeviation = Write(reciprocalDeviation),
            Activation = new LeakyRelu(geometry.Slope),
        };
        for (int channel = 0; channel < geometry.Channels; channel++)
        {
            (double mu, double variance) = statistics.Combine(channel, blocks);
            normalize.Mean[channel] = (float)mu;
            normalize.ReciprocalDeviation[channel] = (float)(1 / Math.Sqrt(variance + geometry.Epsilon));
        }
        _workers.Run(normalize, Blocks(geometry.Samples, SamplesPerBlock));
    }

    /// <summary>
    /// Each block's mean μ₀ in float32, then Σ(x−μ₀) and Σ(x−μ₀)² about it while the block is in cache: what is subtracted later is small.
    /// </summary>
    private struct StatisticsJob : IBlockJob
    {
        public const int Count = 3;

        public BatchNormGeometry Geometry;
        public float* X, Partials;
        public int Stride;

        public readonly void Execute(int block, Scratch scratch)
        {
            int channels = Geometry.Channels, first = block * SamplesPerBlock, last = Math.Min(first + SamplesPerBlock, Geometry.Samples);
            float* means = Partials + ((nint)block * Count * Stride), sums = means + Stride, squares = sums + Stride;
            new Span<float>(means, Count * Stride).Clear();
            for (int row = first; row < last; row++)
            {
                Lanes.Add(X + ((nint)row * channels), means, channels);
            }
            for (int c = 0; c < channels; c++)
            {
                means[c] /= last - first;
            }
            VisitColumns(new Deviations { X = X, Channels = channels, Means = means, Sums = sums, Squares = squares }, Geometry, block);
        }

        private struct Deviations : IColumnVisitor
        {
            public int Channels;
            public float* X, Means, Sums, Squares;

            public readonly void Visit(ChannelColumn column)
            {
                int c = column.Channel, lanes = column.Lanes;
                float* x = X + column.Element;
                Vector256<float> mean = Vector256.Load(Means + c), sum = Vector256.Load(Sums + c), square = Vector256.Load(Squares + c);
                for (int row = 0; row < column.Rows; row++, x += Channels)
                {
                    Vector256<float> deviation = Lanes.Load(x, lanes) - mean;
                    sum += deviation;
                    square = Vector256.MultiplyAddEstimate(deviation, deviation, square);
                }
                sum.Store(Sums + c);
                square.Store(Squares + c);
            }
        }

        /// <summary>
        /// Mean and variance of all from those of the blocks: n₁ and M₁ joined by n₂ and M₂ at a distance δ of their means give
        /// M = M₁ + M₂ + δ²·n₁n₂/(n₁+n₂) (Chan, Golub and LeVeque 1979).
        /// </summary>
        public readonly (double Mean, double Variance) Combine(int channel, int blocks)
        {
            double mean = 0, squares = 0, count = 0;
            float* partial = Partials + channel;
            for (int block = 0; block < blocks; block++, partial += Count * Stride)
            {
                double n = Math.Min(SamplesPerBlock, Geometry.Samples - (block * SamplesPerBlock));
                double sum = partial[Stride], delta = partial[0] + (sum / n) - mean;
                double total = count + n;
                squares += partial[2 * Stride] - (sum * sum / n) + (delta * delta * count * n / total);
                mean += delta * n / total;
                count = total;
            }
            return (mean, Math.Max(0, squares / count));
        }
    }

    private struct NormalizeJob : IBlockJob, IColumnVisitor
    {
        public BatchNormGeometry Geometry;
        public float* X, Gamma, Beta, Y, Mean, ReciprocalDeviation;
        public LeakyRelu Activation;

        public readonly void Execute(int block, Scratch scratch) => VisitColumns(this, Geometry, block);

        public readonly void Visit(ChannelColumn column)
        {
            int c = column.Channel, lanes = column.Lanes, channels = Geometry.Channels;
            float* x = X + column.Element, y = Y + column.Element;
            LeakyRelu activation = Activation;
            Vector256<float> scale = Lanes.Load(Gamma + c, lanes) * Lanes.Load(ReciprocalDeviation + c, lanes);
            Vector256<float> mean = Lanes.Load(Mean + c, lanes), beta = Lanes.Load(Beta + c, lanes);
            for (int row = 0; row < column.Rows; row++, x += channels, y += channels)
            {
                Lanes.Store(activation.Invoke(Vector256.MultiplyAddEstimate(Lanes.Load(x, lanes) - mean, scale, beta)), y, lanes);
            }
        }
    }
}
