using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting;
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
                DataCheck.Run(Terminal.Output, isAskedFor ? Providers(options) : Datasets.All, options.DataDirectory, isAskedFor);
                break;
            case "show":
                Show(options);
                break;
            default:
                string fault = options.Action is string action ? $"'jarn data' has no action {action}" : "'jarn data' needs an action";
                throw new UserErrorException($"{fault}: give fetch, verify or show");
        }
        return 0;
    }

    private static void Fetch(DataOptions options)
    {
        DataLocator locator = new(DataFolders.OfUser(options.DataDirectory));
        IDatasetProvider[] wanted = Providers(options);
        if (wanted is [not PublishedDataset and { } own])
        {
            string names = string.Join(", ", PublishedDataset.All.Select(published => published.Name));
            throw new UserErrorException($"{own.Title} can't be downloaded: give one of {names}");
        }
        foreach (PublishedDataset published in wanted.OfType<PublishedDataset>())
        {
            string folder = options.DataDirectory is string given ? Path.Combine(given, published.Name) : locator.CacheFolder(published);
            try
            {
                // What was there already may not be what is published.
                Dataset data = published.Read(published.Fetch(folder, DatasetLoading.ShowOn(Display.For(options.Quiet))));
                Console.WriteLine($"{published.Title}: {data.Train.Count} training and {data.Test.Count} test images in {folder}");
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
        IDatasetProvider provider = Providers(options) is [IDatasetProvider single] ? single
            : throw new UserErrorException("'jarn data show' takes one data set: give its name");
        int columns = OptionValue.Within("--count", options.Count, 1, MostImagesOfAClass);
        DatasetPart part = OptionValue.Named<DatasetPart>("--split", options.Split);
        int? searched = SearchedPerShown * columns * provider.Describe()?.ClassNames.Count;
        DatasetRequest request = new(
            OptionValue.Named<DataChoice>("--data", options.Data), part == DatasetPart.Train ? searched : 1, part == DatasetPart.Test ? searched : 1);
        Dataset data = DatasetLoading.Load(provider, request, options.DataDirectory, Display.For(options.Quiet));
        string title = $"{data.Name}: {Title(part)} images"
            + (data.IsStandIn ? $"\n{provider.StandIn!.Title}, NOT {provider.Title}" : "")
            + (data.Subset is string subset ? $"\n{subset}" : "");
        ContactSheet.Write(output, title, Images(data, part), columns);
        Console.WriteLine($"{output}: {title.Replace("\n", ", ", StringComparison.Ordinal)}");
    }

    private static string Title(DatasetPart part) => part switch
    {
        DatasetPart.Train => "training",
        DatasetPart.Validation => "validation",
        _ => "test",
    };

    private static ImageSet Images(Dataset data, DatasetPart part) => part switch
    {
        DatasetPart.Train => data.Train,
        DatasetPart.Validation => data.Validation
            ?? throw new UserErrorException($"{data.Name} has no validation images: give train or test to --split"),
        _ => data.Test,
    };

    private static IDatasetProvider[] Providers(DataOptions options)
    {
        if (options.Dataset == AllNames)
        {
            return
            [
                .. Datasets.All.Select(provider =>
                    options.Extra && provider is PublishedDataset { HasExtra: true } published ? published.IncludingExtra() : provider),
            ];
        }
        string name = options.Dataset ?? throw new UserErrorException($"'jarn data {options.Action}' needs a data set: give {Datasets.Names}");
        return [Datasets.Named(name, options.Extra)];
    }
}
