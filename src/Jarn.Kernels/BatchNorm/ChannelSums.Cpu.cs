namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>Rows a block of batch norm's sums: enough to keep the partial sums few, few enough for float32 to add and for a cache to hold.</summary>
    private const int SamplesPerBlock = 128;

    /// <summary>What is summed over the samples, and what becomes of the sums.</summary>
    private interface IChannelSums
    {
        static abstract int Count { get; }

        /// <summary>Adds the element's terms; the k-th sum of the channel's vector stands at sums + k·stride.</summary>
        void Add(nint element, int channel, int lanes, float* sums, int stride);

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
            TSums sums = Sums;
            int channels = Geometry.Channels, last = Math.Min((block + 1) * SamplesPerBlock, Geometry.Samples);
            float* partials = Partials + ((nint)block * TSums.Count * Stride);
            new Span<float>(partials, TSums.Count * Stride).Clear();
            for (int row = block * SamplesPerBlock; row < last; row++)
            {
                for (int c = 0; c < channels; c += Lanes.Width)
                {
                    sums.Add(((nint)row * channels) + c, c, Lanes.Count(c, channels), partials + c, Stride);
                }
            }
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
