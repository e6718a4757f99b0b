using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Jarn.Kernels;

/// <summary>A point in a stream's work that the host can wait for.</summary>
internal abstract class StreamMark : IDisposable
{
    public static StreamMark On(Accelerator accelerator, AcceleratorStream stream) =>
        stream is CudaStream cuda ? new EventMark((CudaAccelerator)accelerator, cuda) : new WholeStreamMark(stream);

    /// <summary>Moves the mark behind all work that the stream was given so far.</summary>
    public abstract void Set();

    /// <summary>Returns at once where the mark was never set.</summary>
    public abstract void Wait();

    public abstract void Dispose();

    private sealed class EventMark : StreamMark
    {
        private readonly CudaAccelerator _accelerator;
        private readonly CudaStream _stream;
        private readonly nint _event;

        public EventMark(CudaAccelerator accelerator, CudaStream stream)
        {
            (_accelerator, _stream) = (accelerator, stream);
            accelerator.Bind();
            CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.CreateEvent(out _event, CudaEventFlags.CU_EVENT_DISABLE_TIMING));
        }

        public override void Set() => CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.RecordEvent(_event, _stream.StreamPtr));

        public override void Wait() => CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.SynchronizeEvent(_event));

        public override void Dispose()
        {
            _accelerator.Bind();
            CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.DestroyEvent(_event));
        }
    }

    /// <summary>A mark for devices without events. It waits for whatever the stream was given until then, once for each mark set.</summary>
    private sealed class WholeStreamMark(AcceleratorStream stream) : StreamMark
    {
        private bool _set;

        public override void Set() => _set = true;

        public override void Wait()
        {
            if (_set)
            {
                stream.Synchronize();
                _set = false;
            }
        }

        public override void Dispose()
        {
        }
    }
}
