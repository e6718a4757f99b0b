using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

/// <summary>How a kernel's inner loop meets memory, chosen outside it: the loop is written once and compiled for each.</summary>
internal unsafe interface IVectorAccess
{
    Vector256<float> Load(float* source);

    void Store(Vector256<float> vector, float* destination);
}

internal readonly unsafe struct WholeVectors : IVectorAccess
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vector256<float> vector, float* destination) => vector.Store(destination);
}

/// <summary>
/// Whole vectors that are stored past the caches, which then neither fetch a line to be overwritten nor give up another for it. Such stores are
/// ordered only by the interlocked operation with which a worker reports its block.
/// </summary>
internal readonly unsafe struct StreamedVectors : IVectorAccess
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vector256<float> vector, float* destination) => vector.StoreAlignedNonTemporal(destination);
}

/// <summary>The end of the data: the lanes beyond it are loaded as zeros and not stored.</summary>
internal readonly unsafe struct PartVectors(int lanes) : IVectorAccess
{
    public Vector256<float> Load(float* source) => Lanes.Load(source, lanes);

    public void Store(Vector256<float> vector, float* destination) => Lanes.Store(vector, destination, lanes);
}
