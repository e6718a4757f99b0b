using System.Runtime.InteropServices;

namespace Jarn.Kernels;

/// <summary>
/// Numbered regions of aligned memory that grow as needed and are kept: one object a thread, so that steady state allocates nothing.
/// </summary>
internal sealed unsafe class Scratch : IDisposable
{
    private const int Alignment = 64;
    private const int Slots = 7;

    private readonly void*[] _memory = new void*[Slots];
    private readonly nint[] _bytes = new nint[Slots];

    /// <summary>Room for <paramref name="count"/> values with undefined contents, valid until the slot is next reserved.</summary>
    public T* Reserve<T>(int slot, nint count) where T : unmanaged => (T*)Reserve(slot, checked(count * sizeof(T)));

    /// <summary>Reserves pointers, which can't be type arguments.</summary>
    public float** ReservePointers(int slot, nint count) => (float**)Reserve(slot, checked(count * sizeof(float*)));

    public void Dispose()
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            Free(slot);
        }
    }

    private void* Reserve(int slot, nint bytes)
    {
        if (_bytes[slot] < bytes)
        {
            Free(slot);
            _memory[slot] = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
            _bytes[slot] = bytes;
        }
        return _memory[slot];
    }

    /// <summary>Forgets the pointer too: where the allocation that follows fails, it must not be freed once more.</summary>
    private void Free(int slot)
    {
        NativeMemory.AlignedFree(_memory[slot]);
        _memory[slot] = null;
        _bytes[slot] = 0;
    }
}
