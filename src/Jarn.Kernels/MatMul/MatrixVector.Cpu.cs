using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>One dot product a row.</summary>
    private struct DotRowsJob : IBlockJob
    {
        public float* Matrix, Vector, Result;
        public int Outputs, Inner, RowsPerBlock;

        public readonly void Execute(int block, Scratch scratch)
        {
            int last = Math.Min((block + 1) * RowsPerBlock, Outputs);
            for (int row = block * RowsPerBlock; row < last; row++)
            {
                Result[row] = Dot(Matrix + ((nint)row * Inner), Vector, Inner);
            }
        }

        private static float Dot(float* x, float* y, int count)
        {
            Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
            int i = 0;
            for (; i <= count - (4 * Lanes.Width); i += 4 * Lanes.Width)
            {
                s0 = Vector256.MultiplyAddEstimate(Vector256.Load(x + i), Vector256.Load(y + i), s0);
                s1 = Vector256.MultiplyAddEstimate(Vector256.Load(x + i + 8), Vector256.Load(y + i + 8), s1);
                s2 = Vector256.MultiplyAddEstimate(Vector256.Load(x + i + 16), Vector256.Load(y + i + 16), s2);
                s3 = Vector256.MultiplyAddEstimate(Vector256.Load(x + i + 24), Vector256.Load(y + i + 24), s3);
            }
            for (; i < count; i += Lanes.Width)
            {
                int lanes = Lanes.Count(i, count);
                s0 = Vector256.MultiplyAddEstimate(Lanes.Load(x + i, lanes), Lanes.Load(y + i, lanes), s0);
            }
            return (float)Lanes.Sum(s0 + s1 + (s2 + s3));
        }
    }

    /// <summary>A combination of the matrix's rows: a range of columns stays in cache while the rows pass by.</summary>
    private struct CombineRowsJob : IBlockJob
    {
        public const int OutputsPerBlock = 512;

        public float* Matrix, Vector, Result;
        public int Outputs, Inner;

        public readonly void Execute(int block, Scratch scratch)
        {
            int first = block * OutputsPerBlock, count = Math.Min(OutputsPerBlock, Outputs - first);
            float* sums = scratch.Reserve<float>(0, OutputsPerBlock);
            new Span<float>(sums, OutputsPerBlock).Clear();
            for (int l = 0; l < Inner; l++)
            {
                float* row = Matrix + ((nint)l * Outputs) + first;
                Vector256<float> weight = Vector256.Create(Vector[l]);
                for (int i = 0; i < count; i += Lanes.Width)
                {
                    // The scratch row is a whole number of vectors long.
                    Vector256<float> value = Lanes.Load(row + i, Lanes.Count(i, count));
                    Vector256.MultiplyAddEstimate(weight, value, Vector256.Load(sums + i)).Store(sums + i);
                }
            }
            Lanes.Copy(sums, Result + first, count);
        }
    }
}
