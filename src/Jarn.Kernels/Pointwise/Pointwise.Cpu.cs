using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    public void Fill(double value, DeviceBuffer y)
    {
        RowPartition partition = new(1, y.Length, ElementsPerBlock);
        _workers.Run(new FillJob { Partition = partition, Value = (float)value, Destination = Write(y) }, partition.Blocks);
    }

    public void Map<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction
    {
        Require.SameLength(x, y);
        RowPartition partition = new(1, y.Length, ElementsPerBlock);
        MapJob<TFunction> job = new() { Function = function, Partition = partition, X = Read(x), Y = Write(y) };
        _workers.Run(job, partition.Blocks);
    }

    public void Zip<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y)
        where TFunction : unmanaged, IBinaryFunction
    {
        geometry.Check(x, s);
        Require.SameLength(x, y);
        (int outer, int axis, int inner) = geometry;
        // Adjacent axes merge: to one row where s is not repeated, to a row for each number where each is repeated in sequence.
        (int rows, int length, int repeats) = axis == 1 ? (1, outer * inner, 1) : inner == 1 ? (outer, axis, 1) : (outer * axis, inner, axis);
        RowPartition partition = new(rows, length, ElementsPerBlock);
        ZipJob<TFunction> job = new()
        {
            Function = function,
            Partition = partition,
            Length = length,
            Repeats = repeats,
            IsScalar = axis != 1 && inner == 1,
            X = Read(x),
            S = Read(s),
            Y = Write(y),
        };
        _workers.Run(job, partition.Blocks);
    }

    private struct FillJob : IBlockJob
    {
        public RowPartition Partition;
        public float Value;
        public float* Destination;

        public readonly void Execute(int block, Scratch scratch)
        {
            (_, _, int first, int last) = Partition[block];
            new Span<float>(Destination + first, last - first).Fill(Value);
        }
    }

    private struct MapJob<TFunction> : IBlockJob where TFunction : unmanaged, IUnaryFunction
    {
        public TFunction Function;
        public RowPartition Partition;
        public float* X, Y;

        public readonly void Execute(int block, Scratch scratch)
        {
            TFunction function = Function;
            float* x = X, y = Y;
            (_, _, int first, int last) = Partition[block];
            for (int i = first; i < last; i += Lanes.Width)
            {
                int lanes = Lanes.Count(i, last);
                Lanes.Store(function.Invoke(Lanes.Load(x + i, lanes)), y + i, lanes);
            }
        }
    }

    /// <summary>Row r of x meets the row ⌊r/Repeats⌋ of s, or its r-th number.</summary>
    private struct ZipJob<TFunction> : IBlockJob where TFunction : unmanaged, IBinaryFunction
    {
        public TFunction Function;
        public RowPartition Partition;
        public int Length, Repeats;
        public bool IsScalar;
        public float* X, S, Y;

        public readonly void Execute(int block, Scratch scratch)
        {
            TFunction function = Function;
            (int firstRow, int lastRow, int first, int last) = Partition[block];
            for (int row = firstRow; row < lastRow; row++)
            {
                float* x = X + ((nint)row * Length), y = Y + ((nint)row * Length);
                if (IsScalar)
                {
                    Vector256<float> scalar = Vector256.Create(S[row]);
                    for (int i = first; i < last; i += Lanes.Width)
                    {
                        int lanes = Lanes.Count(i, last);
                        Lanes.Store(function.Invoke(Lanes.Load(x + i, lanes), scalar), y + i, lanes);
                    }
                    continue;
                }
                float* s = S + ((nint)(row / Repeats) * Length);
                for (int i = first; i < last; i += Lanes.Width)
                {
                    int lanes = Lanes.Count(i, last);
                    Lanes.Store(function.Invoke(Lanes.Load(x + i, lanes), Lanes.Load(s + i, lanes)), y + i, lanes);
                }
            }
        }
    }
}
