namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    public void Sum(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y)
    {
        geometry.Check(x, y);
        SumJob job = new() { Geometry = geometry, X = Read(x) };
        float* result = Write(y);
        nint partLength = geometry.ReducedLength;
        int parts = Blocks(geometry.Axis, SumJob.AxisPerPart(geometry));
        job.Sums = parts == 1 ? result : _workspace.Reserve<float>(Slot.Partials, parts * partLength);
        job.PartLength = partLength;
        job.OutersPerBlock = Math.Max(1, ElementsPerBlock / Math.Min(ElementsPerBlock, Math.Min(geometry.Axis, SumJob.AxisPerPart(geometry)) * geometry.Inner));
        job.OuterBlocks = Blocks(geometry.Outer, job.OutersPerBlock);
        _workers.Run(job, job.OuterBlocks * parts);
        if (parts > 1)
        {
            SumParts(job.Sums, parts, (int)partLength, result);
        }
    }

    public void Broadcast(DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y)
    {
        geometry.Check(y, x);
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

        public AxisGeometry Geometry;
        public float* X, Sums;
        public nint PartLength;
        public int OutersPerBlock, OuterBlocks;

        /// <summary>As many terms a lane either way.</summary>
        public static int AxisPerPart(AxisGeometry geometry) => geometry.Inner == 1 ? RowsPerPart * Lanes.Width : RowsPerPart;

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
                for (int a = 0; a < count; a++, x += inner)
                {
                    Lanes.Add(x, sums, inner);
                }
            }
        }
    }

    private struct BroadcastJob : IBlockJob
    {
        public RowPartition Partition;
        public int Length, Repeats;
        public bool IsScalar;
        public float* X, Y;

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
