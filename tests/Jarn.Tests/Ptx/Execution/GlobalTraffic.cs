namespace Jarn.Tests.Ptx;

/// <summary>Counts what launches read and write in views of at least so many bytes: with a tensor's, vectors and partial sums are left out.</summary>
internal sealed class GlobalTraffic(ulong leastBytes)
{
    private long _bytesRead, _bytesWritten;

    public long BytesRead => _bytesRead;

    public long BytesWritten => _bytesWritten;

    public void Read(MemoryView view, int bytes)
    {
        if (view.Bytes >= leastBytes)
        {
            Interlocked.Add(ref _bytesRead, bytes);
        }
    }

    public void Write(MemoryView view, int bytes)
    {
        if (view.Bytes >= leastBytes)
        {
            Interlocked.Add(ref _bytesWritten, bytes);
        }
    }
}
