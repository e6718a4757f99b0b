using System.Runtime.CompilerServices;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>What becomes of each element, given its channel's coefficients.</summary>
    private interface IChannelMap
    {
        /// <summary>So many coefficients has a channel.</summary>
        static abstract int Coefficients { get; }

        void Apply<TAccess>(TAccess access, nint element, float* coefficients) where TAccess : struct, IVectorAccess;
    }

    private void MapChannels<TMap>(TMap map, ChannelCoefficients coefficients) where TMap : unmanaged, IChannelMap =>
        _workers.Run(new ChannelMapJob<TMap> { Map = map, Samples = coefficients.Samples, Coefficients = coefficients.Of(0) }, coefficients.Samples.Blocks);

    /// <summary>The last block comes first: of what the pass before it read, it was read last and is still in cache.</summary>
    private struct ChannelMapJob<TMap> : IBlockJob where TMap : unmanaged, IChannelMap
    {
        private const int StreamedFrom = 2 << 20;

        public TMap Map;
        public JoinedSamples Samples;
        public float* Coefficients;

        public readonly void Execute(int block, Scratch scratch)
        {
            int reversed = Samples.Blocks - 1 - block;
            (int first, int last) = Samples[reversed];
            if (Samples.RestElement >= StreamedFrom)
            {
                Apply(default(StreamedVectors), first, last);
            }
            else
            {
                Apply(default(WholeVectors), first, last);
            }
            if (Samples.HasRest(reversed))
            {
                for (int column = 0; column < Samples.Rest; column += Lanes.Width)
                {
                    PartVectors part = new(Lanes.Count(column, Samples.Rest));
                    Map.Apply(part, Samples.RestElement + column, Coefficients + ((nint)column * TMap.Coefficients));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Apply<TAccess>(TAccess access, int first, int last) where TAccess : struct, IVectorAccess
        {
            TMap map = Map;
            int length = Samples.RowLength;
            nint element = (nint)first * length;
            for (int row = first; row < last; row++)
            {
                float* coefficients = Coefficients;
                for (int column = 0; column < length; column += Lanes.Width, element += Lanes.Width, coefficients += TMap.Coefficients * Lanes.Width)
                {
                    map.Apply(access, element, coefficients);
                }
            }
        }
    }
}
