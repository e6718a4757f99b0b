using System.Runtime.CompilerServices;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>What becomes of each element, given its channel's coefficients.</summary>
    private interface IChannelMap
    {
        /// <summary>So many coefficients has a channel.</summary>
        static abstract int Coefficients { get; }

        /// <summary>So many tensors are written.</summary>
        static abstract int Outputs { get; }

        void Apply<TAccess>(TAccess access, nint element, float* coefficients) where TAccess : struct, IVectorAccess;
    }

    private void MapChannels<TMap>(TMap map, ChannelCoefficients coefficients) where TMap : unmanaged, IChannelMap =>
        _workers.Run(
            new ChannelMapJob<TMap> { Map = map, Samples = coefficients.Samples, Coefficients = coefficients.Of(0) }, coefficients.Samples.Blocks);

    private struct ChannelMapJob<TMap> : IBlockJob where TMap : unmanaged, IChannelMap
    {
        /// <summary>
        /// Elements of an output that the caches can't hold beside the input. Below, and with two outputs (whose half lines take turns in the buffers
        /// that combine them), storing past the caches was measured to be slower.
        /// </summary>
        private const int StreamedFrom = 4 << 20;

        public TMap Map;
        public JoinedSamples Samples;
        public float* Coefficients;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Execute(int block, Scratch scratch)
        {
            (int first, int last) = Samples[block];
            if (TMap.Outputs == 1 && Samples.RestElement >= StreamedFrom)
            {
                Apply(default(StreamedVectors), first, last);
            }
            else
            {
                Apply(default(WholeVectors), first, last);
            }
            if (Samples.HasRest(block))
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
