using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    public void LogSumExp(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y)
    {
        Require.Length(x, geometry.Length);
        Require.Length(y, geometry.Rows);
        SoftmaxJob job = new() { Columns = geometry.Columns, X = Read(x), Y = Write(y), OnlyNormalizer = true };
        RunRows(job, geometry);
    }

    public void Softmax(DeviceBuffer x, RowGeometry geometry, DeviceBuffer y)
    {
        Require.Length(x, geometry.Length);
        Require.Length(y, geometry.Length);
        SoftmaxJob job = new() { Columns = geometry.Columns, X = Read(x), Y = Write(y) };
        RunRows(job, geometry);
    }

    private void RunRows(SoftmaxJob job, RowGeometry geometry)
    {
        job.Rows = geometry.Rows;
        job.RowsPerBlock = Math.Max(1, SoftmaxJob.ElementsPerBlock / geometry.Columns);
        _workers.Run(job, Blocks(geometry.Rows, job.RowsPerBlock));
    }

    private struct SoftmaxJob : IBlockJob
    {
        public const int ElementsPerBlock = 2048;

        public int Rows, Columns, RowsPerBlock;
        public float* X, Y;
        public bool OnlyNormalizer;

        public readonly void Execute(int block, Scratch scratch)
        {
            int last = Math.Min((block + 1) * RowsPerBlock, Rows);
            for (int row = block * RowsPerBlock; row < last; row++)
            {
                float* x = X + ((nint)row * Columns);
                float normalizer = LogSumExp(x, Columns);
                if (OnlyNormalizer)
                {
                    Y[row] = normalizer;
                    continue;
                }
                float* y = Y + ((nint)row * Columns);
                for (int i = 0; i < Columns; i += Lanes.Width)
                {
                    int lanes = Lanes.Count(i, Columns);
                    Lanes.Store(VectorMath.Exp(Lanes.Load(x + i, lanes) - Vector256.Create(normalizer)), y + i, lanes);
                }
            }
        }

        private static float LogSumExp(float* x, int count)
        {
            Vector256<float> maxima = Vector256.Create(float.NegativeInfinity);
            for (int i = 0; i < count; i += Lanes.Width)
            {
                maxima = Vector256.Max(maxima, Lanes.Load(x + i, Lanes.Count(i, count), float.NegativeInfinity));
            }
            float maximum = float.NegativeInfinity;
            for (int lane = 0; lane < Lanes.Width; lane++)
            {
                maximum = MathF.Max(maximum, maxima[lane]);
            }
            Vector256<float> sum = default;
            for (int i = 0; i < count; i += Lanes.Width)
            {
                int lanes = Lanes.Count(i, count);
                sum += VectorMath.Exp(Lanes.Load(x + i, lanes, float.NegativeInfinity) - Vector256.Create(maximum));
            }
            return (float)(maximum + Math.Log(Lanes.Sum(sum)));
        }
    }
}
