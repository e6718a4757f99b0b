using Jarn.Runner.Settings;

namespace Jarn.Runner.Data;

/// <summary>The list of the data sets that can be asked for: the published ones, and those that a program registers.</summary>
public static class Datasets
{
    private static readonly List<IDatasetProvider> _named = [.. PublishedDataset.All];

    // Ways to take what is no name, such as a path, for a data set.
    private static readonly List<Func<string, IDatasetProvider?>> _openers = [];

    /// <summary>The data sets that have a name.</summary>
    public static IReadOnlyList<IDatasetProvider> All => _named;

    /// <summary>The names of all data sets, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(provider => provider.Name));

    /// <summary>Adds a data set; the first of a name is the one that is found.</summary>
    public static void Register(IDatasetProvider provider) => _named.Add(provider);

    /// <summary>Adds a kind of data sets that have no name of their own.</summary>
    /// <param name="open">The data set that a path or other text stands for; null where it is none of this kind.</param>
    public static void Register(Func<string, IDatasetProvider?> open) => _openers.Add(open);

    /// <summary>Takes back what was registered.</summary>
    public static void Unregister(IDatasetProvider provider) => _named.Remove(provider);

    /// <inheritdoc cref="Unregister(IDatasetProvider)"/>
    public static void Unregister(Func<string, IDatasetProvider?> open) => _openers.Remove(open);

    /// <summary>The data set of a name, or of a path that one of them takes; null where there is none.</summary>
    public static IDatasetProvider? Find(string name) =>
        All.FirstOrDefault(provider => provider.Name == name) ?? _openers.Select(open => open(name)).FirstOrDefault(opened => opened is not null);

    /// <param name="name">The name of a registered data set, or the path of a folder.</param>
    /// <param name="extra">Whether to include the additional training images that its authors publish.</param>
    /// <exception cref="UserErrorException">There is no data set of this name, or it has no additional images.</exception>
    public static IDatasetProvider Named(string name, bool extra = false)
    {
        IDatasetProvider provider = Find(name)
            ?? throw new UserErrorException($"there is no data set {name}: give {Names}{Suggestion.Question(name, All.Select(known => known.Name))}");
        return !extra ? provider : provider is PublishedDataset published ? published.IncludingExtra() : throw NoExtra(provider);
    }

    /// <summary>The shape and classes of a data set. It is loaded if nothing else tells them.</summary>
    /// <exception cref="UserErrorException">There is none of that name, or it can't be loaded.</exception>
    public static DatasetDescription Describe(string name)
    {
        IDatasetProvider provider = Named(name);
        if (provider.Describe() is DatasetDescription known)
        {
            return known;
        }
        ImageSet images = provider.Load(new DatasetRequest(DataChoice.Real, TrainLimit: 1, TestLimit: 1)).Train;
        return new DatasetDescription(images.Shape, images.ClassNames);
    }

    /// <summary>The names of a classifier's classes, by what it was trained on; their numbers where that is no data set of ours.</summary>
    public static IReadOnlyList<string> ClassNamesOf(string trainedOn, int classes) =>
        (Find(trainedOn) ?? DrawnAs(trainedOn))?.Describe() is { } known && known.ClassNames.Count == classes
            ? known.ClassNames : [.. Enumerable.Range(0, classes).Select(label => $"{label}")];

    /// <summary>The data set that drawn images with this name stand in for; null if it is no such name.</summary>
    public static IDatasetProvider? DrawnAs(string name) => All.FirstOrDefault(provider => provider.StandIn?.DatasetName == name);

    /// <summary>The images of a data set, or drawn ones in their place where the request allows it.</summary>
    /// <exception cref="UserErrorException">
    /// Images were found and are unusable, or <see cref="DataChoice.Real"/> was asked for and is nowhere to be had.
    /// </exception>
    public static Dataset Load(IDatasetProvider provider, DatasetRequest request)
    {
        if (request.Choice == DataChoice.Sketch)
        {
            return provider.StandIn is StandIn drawn
                ? Draw(request, drawn, $"{drawn.Title} are used instead of {provider.Title}, as --data sketch asks")
                : throw new UserErrorException($"there are no drawn images to use instead of {provider.Title}: leave out --data sketch");
        }
        try
        {
            Dataset data = provider.Load(request);
            RequireOneKind(provider, data);
            return data with
            {
                Train = data.Train.Limit(request.TrainLimit ?? int.MaxValue),
                Test = data.Test.Limit(request.TestLimit ?? int.MaxValue),
            };
        }
        // Whoever names a folder means its images.
        catch (DatasetMissingException exception) when (request.Folders.Given is null)
        {
            return request.Choice == DataChoice.Auto && provider.StandIn is StandIn drawn
                ? Draw(request, drawn, $"{drawn.Title} are used instead of {provider.Title}: {exception.Fault}")
                : throw new UserErrorException(request.Need is null ? exception.Message : $"{request.Need}, but {exception.Message}", exception);
        }
    }

    internal static UserErrorException NoExtra(IDatasetProvider provider) =>
        new($"{provider.Title} has no extra training images: leave out --extra, which is for {PublishedDataset.Svhn.Name}");

    private static Dataset Draw(DatasetRequest request, StandIn drawn, string reason) => new(
        drawn.DatasetName,
        drawn.Train(request.TrainLimit ?? int.MaxValue),
        drawn.Test(request.TestLimit ?? int.MaxValue),
        "Jarn's own drawings",
        [],
        reason);

    private static void RequireOneKind(IDatasetProvider provider, Dataset data)
    {
        foreach (ImageSet part in new[] { data.Validation, data.Test }.OfType<ImageSet>())
        {
            if (part.Shape != data.Train.Shape || !part.ClassNames.SequenceEqual(data.Train.ClassNames))
            {
                throw new UserErrorException(
                    $"{provider.Title} has training images of {data.Train.Shape} with {data.Train.ClassCount} classes, and others of {part.Shape} "
                    + $"with {part.ClassCount}: give all of them one shape and the same classes");
            }
        }
    }
}
