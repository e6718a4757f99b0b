using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>What is done to each row of a matrix by itself; a row that fits in cache passes through memory once.</summary>
    internal interface IRowVisitor
    {
        void Visit(int row);
    }

    internal void VisitRows<TVisitor>(TVisitor visitor, int rows, int columns) where TVisitor : unmanaged, IRowVisitor
    {
        const int elementsPerBlock = 2048;
        RowsJob<TVisitor> job = new() { Visitor = visitor, Rows = rows, RowsPerBlock = Math.Max(1, elementsPerBlock / columns) };
        _workers.Run(job, Blocks(rows, job.RowsPerBlock));
    }

    private struct RowsJob<TVisitor> : IBlockJob where TVisitor : unmanaged, IRowVisitor
    {
        public TVisitor Visitor;
        public int Rows, RowsPerBlock;

        public readonly void Execute(int block, Scratch scratch)
        {
            int last = Math.Min((block + 1) * RowsPerBlock, Rows);
            for (int row = block * RowsPerBlock; row < last; row++)
            {
                Visitor.Visit(row);
            }
        }
    }

    /// <summary>Σ x, each lane in float32, then the lanes in double.</summary>
    private static double SumRow(float* x, int count)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= count - (4 * Lanes.Width); i += 4 * Lanes.Width)
        {
            s0 += Vector256.Load(x + i);
            s1 += Vector256.Load(x + i + Lanes.Width);
            s2 += Vector256.Load(x + i + (2 * Lanes.Width));
            s3 += Vector256.Load(x + i + (3 * Lanes.Width));
        }
        for (; i < count; i += Lanes.Width)
        {
            s0 += Lanes.Load(x + i, Lanes.Count(i, count));
        }
        return Lanes.Sum(s0 + s1 + (s2 + s3));
    }

    /// <summary>Σ a·b, added as <see cref="SumRow"/> adds.</summary>
    private static double InnerProduct(float* a, float* b, int count)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= count - (4 * Lanes.Width); i += 4 * Lanes.Width)
        {
            s0 = Vector256.MultiplyAddEstimate(Vector256.Load(a + i), Vector256.Load(b + i), s0);
            s1 = Vector256.MultiplyAddEstimate(Vector256.Load(a + i + Lanes.Width), Vector256.Load(b + i + Lanes.Width), s1);
            s2 = Vector256.MultiplyAddEstimate(Vector256.Load(a + i + (2 * Lanes.Width)), Vector256.Load(b + i + (2 * Lanes.Width)), s2);
            s3 = Vector256.MultiplyAddEstimate(Vector256.Load(a + i + (3 * Lanes.Width)), Vector256.Load(b + i + (3 * Lanes.Width)), s3);
        }
        for (; i < count; i += Lanes.Width)
        {
            int lanes = Lanes.Count(i, count);
            s0 = Vector256.MultiplyAddEstimate(Lanes.Load(a + i, lanes), Lanes.Load(b + i, lanes), s0);
        }
        return Lanes.Sum(s0 + s1 + (s2 + s3));
    }
}
