using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal void Fill(in FillCall call)
    {
        (double value, DeviceBuffer y) = call;
        RowPartition partition = new(1, y.Length, ElementsPerBlock);
        _workers.Run(new FillJob { Partition = partition, Value = (float)value, Destination = Write(y) }, partition.Blocks);
    }

    internal void Map<TFunction>(in MapCall<TFunction> call) where TFunction : unmanaged, IUnaryFunction
    {
        (TFunction function, DeviceBuffer x, DeviceBuffer y) = call;
        RowPartition partition = new(1, y.Length, ElementsPerBlock);
        MapJob<TFunction> job = new() { Function = function, Partition = partition, X = Read(x), Y = Write(y) };
        _workers.Run(job, partition.Blocks);
    }

    internal void Zip<TFunction>(in ZipCall<TFunction> call)
        where TFunction : unmanaged, IBinaryFunction
    {
        (TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y) = call;
        float* repeated = JoinShortRows(ref geometry, Read(s));
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
            S = repeated,
            Y = Write(y),
        };
        _workers.Run(job, partition.Blocks);
    }

    /// <summary>
    /// Rows of a few numbers would leave most of each vector empty. Where s is repeated often, some of its rows stand for one: as often
    /// beside each other as the rows of x that are taken together.
    /// </summary>
    private float* JoinShortRows(ref AxisGeometry geometry, float* s)
    {
        const int desiredLength = 64, leastRepeats = 16;
        (int outer, int axis, int inner) = geometry;
        int joined = 1;
        while (inner > 1 && inner * joined < desiredLength && axis % (2 * joined) == 0 && axis > leastRepeats * joined)
        {
            joined *= 2;
        }
        if (joined == 1)
        {
            return s;
        }
        geometry = new AxisGeometry(outer, axis / joined, inner * joined);
        float* rows = _workspace.Reserve<float>(Slot.JoinedRows, geometry.ReducedLength);
        for (nint row = 0; row < (nint)outer * joined; row++)
        {
            Lanes.Copy(s + (row / joined * inner), rows + (row * inner), inner);
        }
        return rows;
    }

    private struct FillJob : IBlockJob
    {
        public RowPartition Partition;
        public float Value;
        public float* Destination;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Execute(int block, Scratch scratch)
        {
            (_, _, int first, int last) = Partition[block];
            VectorLoop.Run(new MapBody<TFunction> { Function = Function, X = X, Y = Y }, first, last);
        }
    }

    private struct MapBody<TFunction> : IVectorBody where TFunction : unmanaged, IUnaryFunction
    {
        public TFunction Function;
        public float* X, Y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TAccess>(TAccess access, nint element) where TAccess : struct, IVectorAccess =>
            access.Store(Function.Invoke(access.Load(X + element)), Y + element);
    }

    /// <summary>Row r of x meets the row ⌊r/Repeats⌋ of s, or its r-th number.</summary>
    private struct ZipJob<TFunction> : IBlockJob where TFunction : unmanaged, IBinaryFunction
    {
        public TFunction Function;
        public RowPartition Partition;
        public int Length, Repeats;
        public bool IsScalar;
        public float* X, S, Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Execute(int block, Scratch scratch)
        {
            (int firstRow, int lastRow, int first, int last) = Partition[block];
            (int repeated, int repeats) = Math.DivRem(firstRow, Repeats);
            for (int row = firstRow; row < lastRow; row++)
            {
                float* x = X + ((nint)row * Length), y = Y + ((nint)row * Length);
                if (IsScalar)
                {
                    VectorLoop.Run(new ScalarBody { Function = Function, X = x, Scalar = Vector256.Create(S[row]), Y = y }, first, last);
                }
                else
                {
                    VectorLoop.Run(new Body { Function = Function, X = x, S = S + ((nint)repeated * Length), Y = y }, first, last);
                }
                if (++repeats == Repeats)
                {
                    (repeated, repeats) = (repeated + 1, 0);
                }
            }
        }

        private struct Body : IVectorBody
        {
            public TFunction Function;
            public float* X, S, Y;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public readonly void Apply<TAccess>(TAccess access, nint element) where TAccess : struct, IVectorAccess =>
                access.Store(Function.Invoke(access.Load(X + element), access.Load(S + element)), Y + element);
        }

        private struct ScalarBody : IVectorBody
        {
            public TFunction Function;
            public float* X, Y;
            public Vector256<float> Scalar;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public readonly void Apply<TAccess>(TAccess access, nint element) where TAccess : struct, IVectorAccess =>
                access.Store(Function.Invoke(access.Load(X + element), Scalar), Y + element);
        }
    }
}
