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
/// Four neighbours there are a quad; a thread has one quad or several, at one outer index each or at one for all.
/// </summary>
internal static class OperandTile<TOperand, TTile, TAccess>
    where TOperand : struct, IOperand
    where TTile : struct, ITile
    where TAccess : struct, IAccess
{
    /// <summary>Terms of a tile.</summary>
    public const int Depth = 8;

    /// <summary>Four floats, which keep rows at multiples of 16 bytes and spread over the banks what is stored across them.</summary>
    private const int Padding = 4;

    private static int Threads => TTile.RowThreads * TTile.ColumnThreads;

    public static int Pitch(int extent) => extent + Padding;

    public static int Length(int extent) => Depth * Pitch(extent);

    /// <summary>Beyond the end the last index serves instead: what it gives lands in rows or columns that are not stored.</summary>
    public static OuterPlaces Places(TOperand operand, int extent, int first, int count)
    {
        if (TOperand.SummedIsContiguous)
        {
            int at = first + (Group.IdxX >> 1);
            OuterPlaces places = new() { First = operand.Outer(IntrinsicMath.Min(at, count - 1)) };
            if (Loads(extent) > 1)
            {
                places.Second = operand.Outer(IntrinsicMath.Min(at + (Threads / 2), count - 1));
            }
            if (Loads(extent) > 2)
            {
                places.Third = operand.Outer(IntrinsicMath.Min(at + Threads, count - 1));
                places.Fourth = operand.Outer(IntrinsicMath.Min(at + (3 * Threads / 2), count - 1));
            }
            return places;
        }
        else
        {
            int at = first + (4 * (Group.IdxX & ((extent / 4) - 1)));
            if (TAccess.FourAtOnce)
            {
                return new OuterPlaces { First = operand.Outer(IntrinsicMath.Min(at, count - 4)) };
            }
            return new OuterPlaces
            {
                First = operand.Outer(IntrinsicMath.Min(at, count - 1)),
                Second = operand.Outer(IntrinsicMath.Min(at + 1, count - 1)),
                Third = operand.Outer(IntrinsicMath.Min(at + 2, count - 1)),
                Fourth = operand.Outer(IntrinsicMath.Min(at + 3, count - 1)),
            };
        }
    }

    /// <summary>The thread's share of the tile from term first on; zeros stand from last on, and for padding.</summary>
    public static Fetched Fetch(TOperand operand, OuterPlaces places, int extent, int first, int last)
    {
        Fetched fetched = default;
        if (!Takes(extent))
        {
            return fetched;
        }
        if (TOperand.SummedIsContiguous)
        {
            int term = first + (4 * (Group.IdxX & 1));
            fetched.First = AlongTerms(operand, places.First, term, last);
            if (Loads(extent) > 1)
            {
                fetched.Second = AlongTerms(operand, places.Second, term, last);
            }
            if (Loads(extent) > 2)
            {
                fetched.Third = AlongTerms(operand, places.Third, term, last);
                fetched.Fourth = AlongTerms(operand, places.Fourth, term, last);
            }
        }
        else
        {
            int term = first + (Group.IdxX / (extent / 4)), step = Threads / (extent / 4);
            fetched.First = AlongOuter(operand, places, term, last);
            if (Loads(extent) > 1)
            {
                fetched.Second = AlongOuter(operand, places, term + step, last);
            }
            if (Loads(extent) > 2)
            {
                fetched.Third = AlongOuter(operand, places, term + (2 * step), last);
                fetched.Fourth = AlongOuter(operand, places, term + (3 * step), last);
            }
        }
        return fetched;
    }

    /// <summary>Where in the tile the thread's share begins.</summary>
    public static int Place(int extent) => TOperand.SummedIsContiguous
        ? (4 * (Group.IdxX & 1) * Pitch(extent)) + (Group.IdxX >> 1)
        : (Group.IdxX / (extent / 4) * Pitch(extent)) + (4 * (Group.IdxX & ((extent / 4) - 1)));

    /// <param name="shared">Shared memory.</param>
    /// <param name="place">In it, of the thread's share.</param>
    public static void Store(ArrayView<float> shared, int place, int extent, Fetched fetched)
    {
        if (!Takes(extent))
        {
            return;
        }
        int pitch = Pitch(extent);
        ArrayView<float> own = shared.SubView(place);
        if (TOperand.SummedIsContiguous)
        {
            Scatter(own, 0, pitch, fetched.First);
            if (Loads(extent) > 1)
            {
                Scatter(own, Threads / 2, pitch, fetched.Second);
            }
            if (Loads(extent) > 2)
            {
                Scatter(own, Threads, pitch, fetched.Third);
                Scatter(own, 3 * Threads / 2, pitch, fetched.Fourth);
            }
        }
        else
        {
            ArrayView<Float4> quads = own.AsAligned(16).Cast<Float4>();
            int step = Threads / (extent / 4) * (pitch / 4);
            quads[0] = fetched.First;
            if (Loads(extent) > 1)
            {
                quads[step] = fetched.Second;
            }
            if (Loads(extent) > 2)
            {
                quads[2 * step] = fetched.Third;
                quads[3 * step] = fetched.Fourth;
            }
        }
    }

    /// <summary>Of a thread: 1, 2 or 4.</summary>
    private static int Loads(int extent) => (QuadsOf(extent) + Threads - 1) / Threads;

    private static int QuadsOf(int extent) => Depth * extent / 4;

    /// <summary>Whether this thread has a share; in most tiles all have.</summary>
    private static bool Takes(int extent) => QuadsOf(extent) >= Threads || Group.IdxX < QuadsOf(extent);

    private static Float4 AlongTerms(TOperand operand, Coordinates outer, int term, int last)
    {
        if (TAccess.FourAtOnce)
        {
            return Quad(operand, outer, operand.Summed(term), term < last);
        }
        return new Float4
        {
            X = Element(operand, outer, operand.Summed(term), term < last),
            Y = Element(operand, outer, operand.Summed(term + 1), term + 1 < last),
            Z = Element(operand, outer, operand.Summed(term + 2), term + 2 < last),
            W = Element(operand, outer, operand.Summed(term + 3), term + 3 < last),
        };
    }

    private static Float4 AlongOuter(TOperand operand, OuterPlaces places, int term, int last)
    {
        Coordinates summed = operand.Summed(term);
        if (TAccess.FourAtOnce)
        {
            return Quad(operand, places.First, summed, term < last);
        }
        return new Float4
        {
            X = Element(operand, places.First, summed, term < last),
            Y = Element(operand, places.Second, summed, term < last),
            Z = Element(operand, places.Third, summed, term < last),
            W = Element(operand, places.Fourth, summed, term < last),
        };
    }

    private static Float4 Quad(TOperand operand, Coordinates outer, Coordinates summed, bool inside)
    {
        int index = operand.Index(outer, summed);
        return inside & (index >= 0) ? operand.Elements.SubView(index, 4).AsAligned(16).Cast<Float4>()[0] : default;
    }

    private static float Element(TOperand operand, Coordinates outer, Coordinates summed, bool inside)
    {
        int index = operand.Index(outer, summed);
        return inside & (index >= 0) ? operand.Elements[index] : 0f;
    }

    private static void Scatter(ArrayView<float> own, int at, int pitch, Float4 quad)
    {
        own[at] = quad.X;
        own[at + pitch] = quad.Y;
        own[at + (2 * pitch)] = quad.Z;
        own[at + (3 * pitch)] = quad.W;
    }
}
