using System.Diagnostics;

namespace Jarn.Kernels;

/// <param name="Operation">The operation's name; of pointwise functions with the function's.</param>
/// <param name="Calls">The number of calls.</param>
/// <param name="Milliseconds">Time spent in all these calls.</param>
public sealed record ProfileEntry(string Operation, long Calls, double Milliseconds);

/// <summary>Measures the calls to another device, waiting for the end of each: on a GPU the sum is more than an unprofiled run takes.</summary>
public sealed class ProfilingDevice(IDevice device) : ObservedDevice(device)
{
    private readonly Dictionary<string, (long Calls, long Ticks)> _entries = [];

    /// <summary>The entries by their time, the longest first.</summary>
    public IReadOnlyList<ProfileEntry> Entries =>
        [.. _entries.Select(entry => new ProfileEntry(entry.Key, entry.Value.Calls, Stopwatch.GetElapsedTime(0, entry.Value.Ticks).TotalMilliseconds))
            .OrderByDescending(entry => entry.Milliseconds)];

    /// <summary>Forgets what was measured.</summary>
    public void Reset() => _entries.Clear();

    public override void Upload(ReadOnlySpan<float> source, DeviceBuffer destination)
    {
        long start = Stopwatch.GetTimestamp();
        base.Upload(source, destination);
        Count("Upload", start);
    }

    public override void Upload(ReadOnlySpan<double> source, DeviceBuffer destination)
    {
        long start = Stopwatch.GetTimestamp();
        base.Upload(source, destination);
        Count("Upload", start);
    }

    public override void Download(DeviceBuffer source, Span<float> destination)
    {
        long start = Stopwatch.GetTimestamp();
        base.Download(source, destination);
        Count("Download", start);
    }

    public override void Download(DeviceBuffer source, Span<double> destination)
    {
        long start = Stopwatch.GetTimestamp();
        base.Download(source, destination);
        Count("Download", start);
    }

    public override void Execute<TCall>(in TCall call)
    {
        long start = Stopwatch.GetTimestamp();
        Observed.Execute(call);
        Observed.Synchronize();
        Count(TCall.Operation, start);
    }

    private void Count(string operation, long start)
    {
        (long calls, long ticks) = _entries.GetValueOrDefault(operation);
        _entries[operation] = (calls + 1, ticks + Stopwatch.GetTimestamp() - start);
    }
}
