using System.Runtime.CompilerServices;

namespace Jarn.Kernels;

/// <summary>What a loop does with one vector.</summary>
internal interface IVectorBody
{
    void Apply<TAccess>(TAccess access, nint element) where TAccess : struct, IVectorAccess;
}

/// <summary>
/// Elements one after the other: whole vectors without a question, then what is left. The loop is compiled into its caller, which wants
/// AggressiveOptimization: unoptimised, as methods are at first, nothing of it would be inlined, and it was measured to be twenty times slower.
/// </summary>
internal static class VectorLoop
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TBody>(TBody body, nint first, nint last) where TBody : struct, IVectorBody
    {
        nint element = first;
        for (; element <= last - (2 * Lanes.Width); element += 2 * Lanes.Width)
        {
            body.Apply(default(WholeVectors), element);
            body.Apply(default(WholeVectors), element + Lanes.Width);
        }
        for (; element < last; element += Lanes.Width)
        {
            body.Apply(new PartVectors((int)nint.Min(Lanes.Width, last - element)), element);
        }
    }
}
