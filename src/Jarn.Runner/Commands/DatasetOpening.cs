using Jarn.Runner.Data;
using Jarn.Runner.Reports;

namespace Jarn.Runner.Commands;

/// <summary>Loads a data set as a command asks for it, with a bar where there is something to download.</summary>
public static class DatasetOpening
{
    /// <exception cref="UserErrorException">The data are unusable, or real ones were asked for and are nowhere to be had.</exception>
    public static Dataset Open(DatasetRequest request, string? folder, IDisplay display)
    {
        using Downloader downloader = new();
        DataLocator locator = new(DataFolders.OfUser(folder));
        DatasetLoader loader = new(locator, downloader);
        Dataset Load(IProgress<DownloadProgress>? progress) => loader.LoadAsync(request, progress, CancellationToken.None).GetAwaiter().GetResult();
        if (request.Choice == DataChoice.Sketch || locator.Find(request.Source) is not null)
        {
            return Load(null);
        }
        Dataset? data = null;
        display.Track(
            $"Downloading {request.Source.Title}", request.Source.Files.Sum(file => file.Length), update => data = Load(new DownloadTotal(update)));
        return data!;
    }

    /// <summary>Says on standard error what is easily missed: that images are drawn, or few.</summary>
    public static void Note(Dataset data)
    {
        if (data.StandInReason is not null)
        {
            Console.Error.WriteLine($"Note: {data.StandInReason}.");
        }
        if (data.Subset is not null)
        {
            Console.Error.WriteLine($"Note: {data.Origin} holds {data.Subset}.");
        }
    }
}
