using ILGPU;
using ILGPU.Runtime;

namespace Jarn.Kernels;

/// <summary>What a thread holds of a factor's next tile, on its way from global to shared memory: up to four times four neighbours.</summary>
internal struct Fetched
{
    public Float4 First, Second, Third, Fourth;
}

/// <summary>The outer indices that a thread loads at, taken apart; they stay the same from tile to tile.</summary>
internal struct OuterPlaces
{
    public Coordinates First, Second, Third, Fourth;
}

/// <summary>
/// A factor's tile, Depth terms × extent, in shared memory: row s holds the elements of term s, whichever way they lie in global memory.
/// Four neighbours there are a quad. Where they differ in the term, a thread has quads at one term and several outer indices, else at
/// several terms and one outer index.
/// </summary>
internal static class OperandTile<TOperand, TTile, TAccess>
    where TOperand : struct, IOperand
    where TTile : struct, ITile
    where TAccess : struct, IRunAccess
{
    private static int Threads => TTile.RowThreads * TTile.ColumnThreads;

    /// <summary>The term of the thread's first load, in the tile.</summary>
    public static int Term(int extent) => TOperand.SummedIsContiguous ? 4 * (Group.IdxX & 1) : ProductTile.Divide(Group.IdxX, extent / 4);

    /// <summary>The outer index of the thread's first load, in the tile.</summary>
    private static int Outer(int extent) => TOperand.SummedIsContiguous
        ? Group.IdxX >> 1
        : 4 * (Group.IdxX - (ProductTile.Divide(Group.IdxX, extent / 4) * (extent / 4)));

    /// <summary>The place of the thread's first store, in bytes from the tile's first.</summary>
    public static int Place(int extent) => TakesPart(extent) ? sizeof(float) * ((Term(extent) * ProductTile.Pitch(extent)) + Outer(extent)) : 0;

    /// <summary>Beyond the end the last index serves instead: what it gives lands in rows or columns that are not stored.</summary>
    public static OuterPlaces Places(TOperand operand, int extent, int first, int count)
    {
        int at = first + Outer(extent);
        if (!TOperand.SummedIsContiguous & TAccess.FourAtOnce)
        {
            return new OuterPlaces { First = operand.Outer(IntrinsicMath.Min(at, count - 4)) };
        }
        OuterPlaces places = new() { First = operand.Outer(IntrinsicMath.Min(at, count - 1)) };
        int step = TOperand.SummedIsContiguous ? Threads / 2 : 1;
        if (!TOperand.SummedIsContiguous | (Loads(extent) > 1))
        {
            places.Second = operand.Outer(IntrinsicMath.Min(at + step, count - 1));
        }
        if (!TOperand.SummedIsContiguous | (Loads(extent) > 2))
        {
            places.Third = operand.Outer(IntrinsicMath.Min(at + (2 * step), count - 1));
            places.Fourth = operand.Outer(IntrinsicMath.Min(at + (3 * step), count - 1));
        }
        return places;
    }

    /// <summary>The thread's share of a tile; zeros stand from term last on, and for padding.</summary>
    /// <param name="term">The term of the thread's first load.</param>
    public static Fetched Fetch(TOperand operand, OuterPlaces places, int extent, int term, int last)
    {
        Fetched fetched = default;
        last = TakesPart(extent) ? last : 0;
        int step = TOperand.SummedIsContiguous ? 0 : Threads / (extent / 4);
        fetched.First = FourOf(operand, places, places.First, term, last);
        if (Loads(extent) > 1)
        {
            fetched.Second = FourOf(operand, places, places.Second, term + step, last);
        }
        if (Loads(extent) > 2)
        {
            fetched.Third = FourOf(operand, places, places.Third, term + (2 * step), last);
            fetched.Fourth = FourOf(operand, places, places.Fourth, term + (3 * step), last);
        }
        return fetched;
    }

    /// <param name="own">Shared memory from the thread's first store on.</param>
    public static void Store(ArrayView<byte> own, int extent, Fetched fetched)
    {
        if (!TakesPart(extent))
        {
            return;
        }
        int step = TOperand.SummedIsContiguous ? Threads / 2 : Threads / (extent / 4) * ProductTile.Pitch(extent);
        StoreFour(own, extent, 0, fetched.First);
        if (Loads(extent) > 1)
        {
            StoreFour(own, extent, step, fetched.Second);
        }
        if (Loads(extent) > 2)
        {
            StoreFour(own, extent, 2 * step, fetched.Third);
            StoreFour(own, extent, 3 * step, fetched.Fourth);
        }
    }

    /// <summary>The number of loads of a thread: 1, 2 or 4.</summary>
    private static int Loads(int extent) => (QuadsOf(extent) + Threads - 1) / Threads;

    private static int QuadsOf(int extent) => ProductTile.Depth * extent / 4;

    /// <summary>Whether this thread has a share; in most tiles all have.</summary>
    private static bool TakesPart(int extent) => (QuadsOf(extent) >= Threads) | (Group.IdxX < QuadsOf(extent));

    private static Float4 FourOf(TOperand operand, OuterPlaces places, Coordinates outer, int term, int last)
    {
        Coordinates summed = operand.Summed(term);
        if (TAccess.FourAtOnce)
        {
            int index = operand.Index(TOperand.SummedIsContiguous ? outer : places.First, summed);
            return (term < last) & (index >= 0) ? operand.Elements.SubView(index, 4).AsAligned(16).Cast<Float4>()[0] : default;
        }
        if (TOperand.SummedIsContiguous)
        {
            return new Float4
            {
                X = Element(operand, outer, summed, term < last),
                Y = Element(operand, outer, operand.Summed(term + 1), term + 1 < last),
                Z = Element(operand, outer, operand.Summed(term + 2), term + 2 < last),
                W = Element(operand, outer, operand.Summed(term + 3), term + 3 < last),
            };
        }
        return new Float4
        {
            X = Element(operand, places.First, summed, term < last),
            Y = Element(operand, places.Second, summed, term < last),
            Z = Element(operand, places.Third, summed, term < last),
            W = Element(operand, places.Fourth, summed, term < last),
        };
    }

    private static float Element(TOperand operand, Coordinates outer, Coordinates summed, bool inside)
    {
        int index = operand.Index(outer, summed);
        return inside & (index >= 0) ? operand.Elements[index] : 0f;
    }

    private static void StoreFour(ArrayView<byte> own, int extent, int at, Float4 four)
    {
        if (TOperand.SummedIsContiguous)
        {
            ArrayView<float> column = own.AsAligned(4).Cast<float>();
            int pitch = ProductTile.Pitch(extent);
            column[at] = four.X;
            column[at + pitch] = four.Y;
            column[at + (2 * pitch)] = four.Z;
            column[at + (3 * pitch)] = four.W;
        }
        else
        {
            own.AsAligned(16).Cast<Float4>()[at / 4] = four;
        }
    }
}
