using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    public void AveragePool(DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y)
    {
        geometry.Check(x, y);
        PoolJob job = new() { Geometry = geometry, Full = Read(x), Pooled = Write(y) };
        _workers.Run(job, geometry.Batch);
    }

    public void AverageUnpool(DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x)
    {
        geometry.Check(x, y);
        UnpoolJob job = new() { Geometry = geometry, Full = Write(x), Pooled = Read(y) };
        _workers.Run(job, geometry.Batch);
    }

    /// <summary>A block is an image.</summary>
    private struct PoolJob : IBlockJob
    {
        public PoolGeometry Geometry;
        public float* Full, Pooled;

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
                    for (int c = 0; c < g.Channels; c += Lanes.Width)
                    {
                        int lanes = Lanes.Count(c, g.Channels);
                        Vector256<float> sum = default;
                        for (int r = 0; r < g.Window; r++)
                        {
                            float* x = corner + (r * rowLength) + c;
                            for (int t = 0; t < g.Window; t++, x += g.Channels)
                            {
                                sum += Lanes.Load(x, lanes);
                            }
                        }
                        Lanes.Store(sum * share, y + c, lanes);
                    }
                }
            }
        }
    }

    private struct UnpoolJob : IBlockJob
    {
        public PoolGeometry Geometry;
        public float* Full, Pooled;

        public readonly void Execute(int block, Scratch scratch)
        {
            PoolGeometry g = Geometry;
            Vector256<float> share = Vector256.Create(1f / (g.Window * g.Window));
            float* x = Full + ((nint)block * g.Height * g.Width * g.Channels);
            float* y = Pooled + ((nint)block * g.OutputHeight * g.OutputWidth * g.Channels);
            for (int h = 0; h < g.Height; h++)
            {
                for (int w = 0; w < g.Width; w++, x += g.Channels)
                {
                    int p = h / g.Window, q = w / g.Window;
                    if (p >= g.OutputHeight || q >= g.OutputWidth)
                    {
                        new Span<float>(x, g.Channels).Clear();
                        continue;
                    }
                    float* from = y + ((((nint)p * g.OutputWidth) + q) * g.Channels);
                    for (int c = 0; c < g.Channels; c += Lanes.Width)
                    {
                        int lanes = Lanes.Count(c, g.Channels);
                        Lanes.Store(Lanes.Load(from + c, lanes) * share, x + c, lanes);
                    }
                }
            }
        }
    }
}
