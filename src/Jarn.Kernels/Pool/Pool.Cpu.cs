using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal void AveragePool(in AveragePoolCall call)
    {
        (DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y) = call;
        PoolJob job = new() { Geometry = geometry, Full = Read(x), Pooled = Write(y) };
        _workers.Run(job, geometry.Batch);
    }

    internal void AverageUnpool(in AverageUnpoolCall call)
    {
        (DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x) = call;
        UnpoolJob job = new() { Geometry = geometry, Full = Write(x), Pooled = Read(y) };
        _workers.Run(job, geometry.Batch);
    }

    /// <summary>A block is an image.</summary>
    private struct PoolJob : IBlockJob
    {
        public PoolGeometry Geometry;
        public float* Full, Pooled;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Execute(int block, Scratch scratch)
        {
            PoolGeometry g = Geometry;
            nint rowLength = (nint)g.Width * g.Channels;
            float* y = Pooled + ((nint)block * g.OutputHeight * g.OutputWidth * g.Channels);
            Vector256<float> share = Vector256.Create(1f / (g.Window * g.Window));
            for (int p = 0; p < g.OutputHeight; p++)
            {
                for (int q = 0; q < g.OutputWidth; q++, y += g.Channels)
                {
                    float* corner = Full + ((((nint)block * g.Height) + (p * g.Window)) * rowLength) + ((nint)q * g.Window * g.Channels);
                    VectorLoop.Run(new Body { Corner = corner, RowLength = rowLength, Geometry = g, Share = share, Y = y }, 0, g.Channels);
                }
            }
        }

        private struct Body : IVectorBody
        {
            public float* Corner, Y;
            public nint RowLength;
            public PoolGeometry Geometry;
            public Vector256<float> Share;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public readonly void Apply<TAccess>(TAccess access, nint element) where TAccess : struct, IVectorAccess
            {
                (int window, int channels) = (Geometry.Window, Geometry.Channels);
                Vector256<float> sum = default;
                float* row = Corner + element;
                for (int r = 0; r < window; r++, row += RowLength)
                {
                    float* x = row;
                    for (int t = 0; t < window; t++, x += channels)
                    {
                        sum += access.Load(x);
                    }
                }
                access.Store(sum * Share, Y + element);
            }
        }
    }

    private struct UnpoolJob : IBlockJob
    {
        public PoolGeometry Geometry;
        public float* Full, Pooled;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Execute(int block, Scratch scratch)
        {
            PoolGeometry g = Geometry;
            float* x = Full + ((nint)block * g.Height * g.Width * g.Channels);
            float* y = Pooled + ((nint)block * g.OutputHeight * g.OutputWidth * g.Channels);
            Scale scale = new(1.0 / (g.Window * g.Window));
            for (int h = 0; h < g.Height; h++)
            {
                int p = h / g.Window;
                for (int w = 0; w < g.Width; w++, x += g.Channels)
                {
                    int q = w / g.Window;
                    if (p >= g.OutputHeight || q >= g.OutputWidth)
                    {
                        new Span<float>(x, g.Channels).Clear();
                        continue;
                    }
                    float* from = y + ((((nint)p * g.OutputWidth) + q) * g.Channels);
                    VectorLoop.Run(new MapBody<Scale> { Function = scale, X = from, Y = x }, 0, g.Channels);
                }
            }
        }
    }
}
