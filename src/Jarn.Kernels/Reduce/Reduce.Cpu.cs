using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal void Sum(in SumCall call)
    {
        (DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) = call;
        SumJob job = new() { Geometry = geometry, X = Read(x) };
        float* result = Write(y);
        nint partLength = geometry.ReducedLength;
        int parts = Blocks(geometry.Axis, SumJob.AxisPerPart(geometry));
        job.Sums = parts == 1 ? result : _workspace.Reserve<float>(Slot.Partials, parts * partLength);
        job.PartLength = partLength;
        job.OutersPerBlock = Math.Max(
            1, ElementsPerBlock / Math.Min(ElementsPerBlock, Math.Min(geometry.Axis, SumJob.AxisPerPart(geometry)) * geometry.Inner));
        job.OuterBlocks = Blocks(geometry.Outer, job.OutersPerBlock);
        _workers.Run(job, job.OuterBlocks * parts);
        if (parts > 1)
        {
            SumParts(job.Sums, parts, (int)partLength, result);
        }
    }

    internal void Broadcast(in BroadcastCall call)
    {
        (DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) = call;
        (int outer, int axis, int inner) = geometry;
        bool isScalar = inner == 1;
        RowPartition partition = isScalar ? new RowPartition(outer, axis, ElementsPerBlock) : new RowPartition(outer * axis, inner, ElementsPerBlock);
        BroadcastJob job = new()
        {
            Partition = partition,
            Length = isScalar ? axis : inner,
            Repeats = isScalar ? 1 : axis,
            IsScalar = isScalar,
            X = Read(x),
            Y = Write(y),
        };
        _workers.Run(job, partition.Blocks);
    }

    /// <summary>The first stage of a sum: stretches of the axis, each added in float32 in its order.</summary>
    private struct SumJob : IBlockJob
    {
        private const int RowsPerPart = 256;

        /// <summary>A sum waits for its last store, so that it pays to add some rows before the next.</summary>
        private const int RowsAtATime = 8;

        public AxisGeometry Geometry;
        public float* X, Sums;
        public nint PartLength;
        public int OutersPerBlock, OuterBlocks;

        /// <summary>As many terms a lane either way.</summary>
        public static int AxisPerPart(AxisGeometry geometry) => geometry.Inner == 1 ? RowsPerPart * Lanes.Width : RowsPerPart;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Execute(int block, Scratch scratch)
        {
            (int outer, int axis, int inner) = Geometry;
            (int part, int outerBlock) = (block / OuterBlocks, block % OuterBlocks);
            int first = part * AxisPerPart(Geometry), count = Math.Min(AxisPerPart(Geometry), axis - first);
            int lastOuter = Math.Min((outerBlock + 1) * OutersPerBlock, outer);
            for (int o = outerBlock * OutersPerBlock; o < lastOuter; o++)
            {
                float* x = X + ((((nint)o * axis) + first) * inner);
                float* sums = Sums + (part * PartLength) + ((nint)o * inner);
                if (inner == 1)
                {
                    *sums = (float)SumRow(x, count);
                    continue;
                }
                new Span<float>(sums, inner).Clear();
                for (int a = 0; a < count; a += RowsAtATime)
                {
                    AddRows rows = new() { X = x + ((nint)a * inner), Sums = sums, Rows = Math.Min(RowsAtATime, count - a), Length = inner };
                    VectorLoop.Run(rows, 0, inner);
                }
            }
        }

        private struct AddRows : IVectorBody
        {
            public float* X, Sums;
            public int Rows;
            public nint Length;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public readonly void Apply<TAccess>(TAccess access, nint element) where TAccess : struct, IVectorAccess
            {
                Vector256<float> sum = access.Load(Sums + element);
                float* x = X + element;
                for (int row = 0; row < Rows; row++, x += Length)
                {
                    sum += access.Load(x);
                }
                access.Store(sum, Sums + element);
            }
        }
    }

    private struct BroadcastJob : IBlockJob
    {
        public RowPartition Partition;
        public int Length, Repeats;
        public bool IsScalar;
        public float* X, Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Execute(int block, Scratch scratch)
        {
            (int firstRow, int lastRow, int first, int last) = Partition[block];
            for (int row = firstRow; row < lastRow; row++)
            {
                float* y = Y + ((nint)row * Length) + first;
                if (IsScalar)
                {
                    new Span<float>(y, last - first).Fill(X[row]);
                }
                else
                {
                    Lanes.Copy(X + ((nint)(row / Repeats) * Length) + first, y, last - first);
                }
            }
        }
    }
}
