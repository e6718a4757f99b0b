using System.Numerics;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace Jarn.Kernels;

/// <summary>
/// Uploads that don't wait: the values are put into one of a few page-locked arrays, from which the stream fetches them when it gets there. An array
/// is filled again once the stream has passed it, so the host runs ahead of the device by <see cref="Places"/> uploads: two training steps.
/// </summary>
internal sealed class StagedUploads(Accelerator accelerator, AcceleratorStream stream) : IDisposable
{
    private const int Places = 4;

    private readonly Place[] _places = [.. Enumerable.Range(0, Places).Select(_ => new Place(StreamMark.On(accelerator, stream)))];
    private int _next;

    /// <summary>Host memory for the next upload, which <see cref="Send"/> makes.</summary>
    public Span<float> Stage(int length)
    {
        Place place = _places[_next];
        place.Passed.Wait();
        if (place.Array is null || place.Array.Length < length)
        {
            place.Array?.Dispose();
            place.Array = accelerator.AllocatePageLocked1D<float>(
                (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)length), (uint)Array.MaxLength));
        }
        return place.Array.Span[..length];
    }

    /// <param name="destination">Memory of the length of what was staged.</param>
    public void Send(ArrayView<float> destination)
    {
        Place place = _places[_next];
        destination.CopyFromCPUUnsafeAsync(stream, ref MemoryMarshal.GetReference(place.Array!.Span), destination.Length);
        place.Passed.Set();
        _next = (_next + 1) % Places;
    }

    /// <summary>The stream must have come to rest.</summary>
    public void Dispose()
    {
        foreach (Place place in _places)
        {
            place.Passed.Dispose();
            place.Array?.Dispose();
        }
    }

    private sealed class Place(StreamMark passed)
    {
        /// <summary>Set behind the place's last copy.</summary>
        public StreamMark Passed { get; } = passed;

        public PageLockedArray1D<float>? Array { get; set; }
    }
}
