using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>
/// Vectors whose upper lanes may lie beyond the end of the data: those are loaded as a padding value and not stored. So every element
/// goes through the same arithmetic wherever it stands.
/// </summary>
internal static unsafe class Lanes
{
    public const int Width = 8;

    /// <summary>How many of the lanes from <paramref name="at"/> are data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(int at, int end) => Math.Min(Width, end - at);

    public static int RoundUp(int count) => (count + Width - 1) / Width * Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source, int lanes, float padding = 0f) =>
        lanes == Width ? Vector256.Load(source) : LoadPart(source, lanes, padding);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> vector, float* destination, int lanes)
    {
        if (lanes == Width)
        {
            vector.Store(destination);
        }
        else
        {
            StorePart(vector, destination, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* source, float* destination, int count)
    {
        int i = 0;
        for (; i <= count - Width; i += Width)
        {
            Vector256.Load(source + i).Store(destination + i);
        }
        for (; i < count; i++)
        {
            destination[i] = source[i];
        }
    }

    /// <summary>destination += source</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(float* source, float* destination, int count)
    {
        int i = 0;
        for (; i <= count - Width; i += Width)
        {
            (Vector256.Load(destination + i) + Vector256.Load(source + i)).Store(destination + i);
        }
        for (; i < count; i++)
        {
            destination[i] += source[i];
        }
    }

    /// <summary>The sum of the lanes, in double and in their order.</summary>
    public static double Sum(Vector256<float> vector)
    {
        double sum = 0;
        for (int lane = 0; lane < Width; lane++)
        {
            sum += vector[lane];
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<float> LoadPart(float* source, int lanes, float padding)
    {
        float* padded = stackalloc float[Width];
        for (int lane = 0; lane < Width; lane++)
        {
            padded[lane] = lane < lanes ? source[lane] : padding;
        }
        return Vector256.Load(padded);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StorePart(Vector256<float> vector, float* destination, int lanes)
    {
        float* padded = stackalloc float[Width];
        vector.Store(padded);
        for (int lane = 0; lane < lanes; lane++)
        {
            destination[lane] = padded[lane];
        }
    }
}
