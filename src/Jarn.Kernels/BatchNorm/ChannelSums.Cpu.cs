namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>Rows a block of batch norm's sums: enough to keep the partial sums few, few enough for float32 to add and for a cache to hold.</summary>
    private const int SamplesPerBlock = 128;

    /// <summary>
    /// A column of a few rows, as wide as a vector: what depends on the channel stays in registers while the rows pass by, and the rows are few
    /// enough to stay in cache until their last column.
    /// </summary>
    /// <param name="Element">Its first element.</param>
    /// <param name="Rows">How many rows.</param>
    /// <param name="Channel">Its first channel.</param>
    /// <param name="Lanes">How many channels.</param>
    private readonly record struct ChannelColumn(nint Element, int Rows, int Channel, int Lanes);

    private interface IColumnVisitor
    {
        void Visit(ChannelColumn column);
    }

    /// <summary>The columns of a block of samples.</summary>
    private static void VisitColumns<TVisitor>(TVisitor visitor, BatchNormGeometry geometry, int block) where TVisitor : struct, IColumnVisitor
    {
        const int rowsPerColumn = 32;
        int channels = geometry.Channels, last = Math.Min((block + 1) * SamplesPerBlock, geometry.Samples);
        for (int row = block * SamplesPerBlock; row < last; row += rowsPerColumn)
        {
            for (int c = 0; c < channels; c += Lanes.Width)
            {
                visitor.Visit(new ChannelColumn(((nint)row * channels) + c, Math.Min(rowsPerColumn, last - row), c, Lanes.Count(c, channels)));
            }
        }
    }

    /// <summary>What is summed over the samples, and what becomes of the sums.</summary>
    private interface IChannelSums
    {
        static abstract int Count { get; }

        /// <summary>Adds the column's terms; the k-th sum of its first channel stands at sums + k·stride.</summary>
        void Add(ChannelColumn column, float* sums, int stride);

        void Finish(int channel, ReadOnlySpan<double> totals);
    }

    /// <summary>Sums in two stages: blocks of samples in float32, then per channel the blocks in double and in their order.</summary>
    private void SumChannels<TSums>(TSums sums, BatchNormGeometry geometry) where TSums : unmanaged, IChannelSums
    {
        int blocks = Blocks(geometry.Samples, SamplesPerBlock);
        int stride = Lanes.RoundUp(geometry.Channels);
        float* partials = _workspace.Reserve<float>(Slot.Partials, (nint)blocks * TSums.Count * stride);
        _workers.Run(new ChannelPartialsJob<TSums> { Sums = sums, Geometry = geometry, Partials = partials, Stride = stride }, blocks);
        ChannelTotalsJob<TSums> totals = new() { Sums = sums, Channels = geometry.Channels, Partials = partials, Stride = stride, Blocks = blocks };
        _workers.Run(totals, Blocks(geometry.Channels, ChannelTotalsJob<TSums>.ChannelsPerBlock));
    }

    private struct ChannelPartialsJob<TSums> : IBlockJob where TSums : unmanaged, IChannelSums
    {
        public TSums Sums;
        public BatchNormGeometry Geometry;
        public float* Partials;
        public int Stride;

        public readonly void Execute(int block, Scratch scratch)
        {
            float* partials = Partials + ((nint)block * TSums.Count * Stride);
            new Span<float>(partials, TSums.Count * Stride).Clear();
            VisitColumns(new Adder { Sums = Sums, Partials = partials, Stride = Stride }, Geometry, block);
        }

        private struct Adder : IColumnVisitor
        {
            public TSums Sums;
            public float* Partials;
            public int Stride;

            public readonly void Visit(ChannelColumn column) => Sums.Add(column, Partials + column.Channel, Stride);
        }
    }

    private struct ChannelTotalsJob<TSums> : IBlockJob where TSums : unmanaged, IChannelSums
    {
        public const int ChannelsPerBlock = 16;

        public TSums Sums;
        public float* Partials;
        public int Channels, Stride, Blocks;

        public readonly void Execute(int block, Scratch scratch)
        {
            TSums sums = Sums;
            int last = Math.Min((block + 1) * ChannelsPerBlock, Channels);
            Span<double> totals = stackalloc double[TSums.Count];
            for (int channel = block * ChannelsPerBlock; channel < last; channel++)
            {
                totals.Clear();
                float* partial = Partials + channel;
                for (int b = 0; b < Blocks; b++)
                {
                    for (int k = 0; k < totals.Length; k++, partial += Stride)
                    {
                        totals[k] += *partial;
                    }
                }
                sums.Finish(channel, totals);
            }
        }
    }
}
