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
                Result[row] = (float)InnerProduct(Matrix + ((nint)row * Inner), Vector, Inner);
            }
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
