using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>What is summed over the samples, and what becomes of the sums.</summary>
    private interface IChannelSums
    {
        static abstract int Count { get; }

        /// <summary>Adds the terms of a few rows in one vector of channels.</summary>
        /// <param name="access">Whole vectors, or a part whose missing elements of a cotangent, as zeros, add nothing.</param>
        /// <param name="element">The first row's element.</param>
        /// <param name="rowLength">The distance from a row to the next.</param>
        /// <param name="rows">Few enough for float32 to add.</param>
        /// <param name="coefficients">The coefficients of the channels.</param>
        /// <param name="totals">Count pairs of vectors in double.</param>
        void Add<TAccess>(TAccess access, nint element, int rowLength, int rows, float* coefficients, double* totals)
            where TAccess : struct, IVectorAccess;

        void Finish(int channel, ReadOnlySpan<double> totals);
    }

    /// <summary>Sums in two stages: blocks of samples, then per channel the blocks in their order.</summary>
    private void SumChannels<TSums>(TSums sums, ChannelCoefficients coefficients) where TSums : unmanaged, IChannelSums
    {
        JoinedSamples samples = coefficients.Samples;
        double* partials = _workspace.Reserve<double>(Slot.Partials, (nint)samples.Blocks * TSums.Count * samples.RowLength);
        ChannelPartialsJob<TSums> first = new() { Sums = sums, Samples = samples, Coefficients = coefficients, Partials = partials };
        _workers.Run(first, samples.Blocks);
        ChannelTotalsJob<TSums> second = new() { Sums = sums, Samples = samples, Partials = partials };
        _workers.Run(second, Blocks(samples.Channels, ChannelTotalsJob<TSums>.ChannelsPerBlock));
    }

    /// <summary>A few rows are added in float32, and those sums in double.</summary>
    private struct ChannelPartialsJob<TSums> : IBlockJob where TSums : unmanaged, IChannelSums
    {
        /// <summary>Enough to make the sums' way to memory cheap, few enough for the processor to see ahead in as many places.</summary>
        private const int RowsAtATime = 8;

        public TSums Sums;
        public JoinedSamples Samples;
        public ChannelCoefficients Coefficients;
        public double* Partials;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Execute(int block, Scratch scratch)
        {
            int length = Samples.RowLength;
            double* totals = Partials + ((nint)block * TSums.Count * length);
            new Span<double>(totals, TSums.Count * length).Clear();
            (int first, int last) = Samples[block];
            for (int row = first; row < last; row += RowsAtATime)
            {
                for (int column = 0; column < length; column += Lanes.Width)
                {
                    Add(default(WholeVectors), ((nint)row * length) + column, Math.Min(RowsAtATime, last - row), column, totals);
                }
            }
            if (Samples.HasRest(block))
            {
                for (int column = 0; column < Samples.Rest; column += Lanes.Width)
                {
                    Add(new PartVectors(Lanes.Count(column, Samples.Rest)), Samples.RestElement + column, 1, column, totals);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Add<TAccess>(TAccess access, nint element, int rows, int column, double* totals)
            where TAccess : struct, IVectorAccess =>
            Sums.Add(access, element, Samples.RowLength, rows, Coefficients.Of(column), totals + ((nint)column * TSums.Count));
    }

    private struct ChannelTotalsJob<TSums> : IBlockJob where TSums : unmanaged, IChannelSums
    {
        public const int ChannelsPerBlock = 16;

        public TSums Sums;
        public JoinedSamples Samples;
        public double* Partials;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Execute(int block, Scratch scratch)
        {
            int channels = Samples.Channels, last = Math.Min((block + 1) * ChannelsPerBlock, channels);
            Span<double> totals = stackalloc double[TSums.Count];
            for (int channel = block * ChannelsPerBlock; channel < last; channel++)
            {
                totals.Clear();
                for (int b = 0; b < Samples.Blocks; b++)
                {
                    double* partials = Partials + ((nint)b * TSums.Count * Samples.RowLength);
                    for (int column = channel; column < Samples.RowLength; column += channels)
                    {
                        double* sums = partials + ChannelCoefficients.Offset(column, TSums.Count);
                        for (int k = 0; k < totals.Length; k++)
                        {
                            totals[k] += sums[k * Lanes.Width];
                        }
                    }
                }
                Sums.Finish(channel, totals);
            }
        }
    }

    /// <summary>Adds a vector of sums to its pair of vectors in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(double* totals, int k, Vector256<double> lower, Vector256<double> upper)
    {
        double* first = totals + (k * Lanes.Width), second = first + Vector256<double>.Count;
        (Vector256.Load(first) + lower).Store(first);
        (Vector256.Load(second) + upper).Store(second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(double* totals, int k, Vector256<float> sums) =>
        AddTo(totals, k, Vector256.WidenLower(sums), Vector256.WidenUpper(sums));
}
