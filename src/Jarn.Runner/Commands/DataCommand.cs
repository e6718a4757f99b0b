using Jarn.Runner.Data;
using Jarn.Runner.Reports;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn data</c>: downloads data sets, checks them, draws contact sheets.</summary>
public static class DataCommand
{
    private const string AllNames = "all";
    private const int MostImagesOfAClass = 100;

    // Among so many times the images shown, the classes being about equally frequent, are enough of each.
    private const int SearchedPerShown = 50;

    public static int Run(DataOptions options)
    {
        switch (options.Action)
        {
            case "fetch":
                Fetch(options);
                break;
            case "verify":
                bool isAskedFor = options.Dataset is not null;
                DataCheck.Run(Terminal.Output, isAskedFor ? Sources(options) : DatasetSource.All, options.DataDirectory, isAskedFor);
                break;
            case "show":
                Show(options);
                break;
            default:
                throw new UserErrorException($"{(options.Action is string action ? $"'jarn data' has no action {action}" : "'jarn data' needs an action")}: give fetch, verify or show");
        }
        return 0;
    }

    private static void Fetch(DataOptions options)
    {
        using Downloader downloader = new();
        DataLocator locator = new(DataFolders.OfUser(options.DataDirectory));
        DatasetLoader loader = new(locator, downloader);
        foreach (DatasetSource source in Sources(options))
        {
            string folder = options.DataDirectory is string given ? Path.Combine(given, source.Name) : locator.CacheFolder(source);
            try
            {
                LocatedFiles? located = null;
                Display.For(options.Quiet).Track($"Downloading {source.Title}", source.Files.Sum(file => file.Length), update =>
                    located = loader.DownloadAsync(source, folder, new DownloadTotal(update), CancellationToken.None).GetAwaiter().GetResult());
                // What was there already may not be what is published.
                Dataset data = loader.Read(new DatasetRequest(source, DataChoice.Real, null, null), located!);
                Console.WriteLine($"{source.Title}: {data.Train.Count} training and {data.Test.Count} test images in {folder}");
            }
            catch (DownloadFailedException exception)
            {
                throw new UserErrorException($"{exception.Message}: try again later, and the download continues where it stopped", exception);
            }
        }
    }

    private static void Show(DataOptions options)
    {
        string output = OptionValue.NewFile("--output",
            options.Output ?? throw new UserErrorException("'jarn data show' needs --output: give the name of a new PNG file"), ".png");
        DatasetSource source = Sources(options) is [DatasetSource single] ? single
            : throw new UserErrorException("'jarn data show' takes one data set: give its name");
        int columns = OptionValue.Within("--count", options.Count, 1, MostImagesOfAClass);
        bool isTrain = OptionValue.Choice("--split", options.Split, "train", "test");
        int searched = SearchedPerShown * columns * source.ClassNames.Count;
        DatasetRequest request = new(source, OptionValue.Named<DataChoice>("--data", options.Data), isTrain ? searched : 1, isTrain ? 1 : searched);
        Dataset data = DatasetOpening.Open(request, options.DataDirectory, Display.For(options.Quiet));
        string title = $"{data.Name}: {(isTrain ? "training" : "test")} images"
            + (data.IsStandIn ? $"\n{source.StandIn!.Title}, NOT {source.Title}" : "")
            + (data.Subset is string subset ? $"\n{subset}" : "");
        ContactSheet.Write(output, title, isTrain ? data.Train : data.Test, columns);
        Console.WriteLine($"{output}: {title.Replace("\n", ", ", StringComparison.Ordinal)}");
    }

    private static DatasetSource[] Sources(DataOptions options)
    {
        bool all = options.Dataset == AllNames;
        DatasetSource[] sources = all ? [.. DatasetSource.All] : [DatasetSource.Named(options.Dataset
            ?? throw new UserErrorException($"'jarn data {options.Action}' needs a data set: give {DatasetSource.Names}"))];
        return options.Extra ? [.. sources.Select(source => all && !source.HasExtra ? source : source.IncludingExtra())] : sources;
    }
}
