using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments;

/// <summary>Loads a data set as a command asks for it, with a bar where there is something to download.</summary>
public static class DatasetLoading
{
    /// <param name="request">Which images to load, and whether drawn ones may stand in.</param>
    /// <param name="folder">The folder given with <c>--data-dir</c>; null to look in the usual places.</param>
    /// <param name="run">The run whose images these are. They are looked for where the run found them first. Null for none.</param>
    /// <exception cref="UserErrorException">The data are unusable, or real ones were asked for and are nowhere to be had.</exception>
    public static Dataset Load(IDatasetProvider provider, DatasetRequest request, string? folder, IDisplay display, RunConfiguration? run = null) =>
        Datasets.Load(provider, request with
        {
            Folders = DataFolders.OfUser(folder) with { OfRun = run is null ? [] : FoldersOf(run, provider) },
            ShowDownload = ShowOn(display),
        });

    /// <summary>A download as a bar.</summary>
    public static DownloadDisplay ShowOn(IDisplay display) =>
        (title, bytes, download) => display.Track(title, bytes, update => download(new DownloadTotal(update)));

    /// <summary>Says on standard error what might go unnoticed: that images are drawn, or few.</summary>
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

    /// <summary>The folders of a run's files; none for a run on another data set.</summary>
    private static string[] FoldersOf(RunConfiguration run, IDatasetProvider provider) => run.Options.Dataset != provider.Name ? [] :
    [
        .. run.Data.Select(file => Path.GetDirectoryName(file.Path)).OfType<string>().Distinct(),
        .. run.Options.DataDirectory is string given ? [Path.Combine(given, provider.Name), given] : Array.Empty<string>(),
    ];
}
