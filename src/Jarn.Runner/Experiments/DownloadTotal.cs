using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments;

/// <summary>Turns the progress of single files into one of all.</summary>
internal sealed class DownloadTotal(ProgressUpdate update) : IProgress<DownloadProgress>
{
    private readonly Dictionary<string, long> _received = [];

    public void Report(DownloadProgress value)
    {
        _received[value.FileName] = value.Received;
        update(_received.Values.Sum(), value.FileName);
    }
}
