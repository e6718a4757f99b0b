using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>The images that a saved classifier is measured on.</summary>
public static class EvaluationData
{
    /// <summary>
    /// The test images of what was asked for, or of what the classifier was trained on: drawn ones again where those were drawn. Real images are
    /// looked for where its run found them; nothing stands in for them unless that was asked for. Says so where it was.
    /// </summary>
    /// <param name="checkpoint">The classifier, as <see cref="ModelFile.Read"/> takes it.</param>
    /// <param name="origin">The origin recorded with the classifier.</param>
    /// <param name="name">The name that <c>--dataset</c> takes; null for the classifier's own data set.</param>
    /// <param name="options">Where to look for the data.</param>
    /// <param name="limit">The number of test images to use, counted from the first; null for all.</param>
    /// <exception cref="UserErrorException">There is no such data set, or it is not here.</exception>
    public static (IDatasetProvider Provider, Dataset Data) Load(
        string checkpoint, ModelOrigin origin, string? name, ComputeOptions options, int? limit, IDisplay display)
    {
        DataChoice typed = OptionValue.Named<DataChoice>("--data", options.Data);
        RunConfiguration? run = Configuration(checkpoint);
        // What images are called may be another word than what finds them, such as a path: the run knows that.
        string wanted = name ?? (run?.Dataset == origin.Dataset && run.StandInReason is null ? run.Options.Dataset : origin.Dataset);
        IDatasetProvider? drawn = Datasets.DrawnAs(wanted);
        IDatasetProvider provider = drawn ?? Datasets.Named(wanted);
        DataChoice choice = typed != DataChoice.Auto ? typed : drawn is null ? DataChoice.Real : DataChoice.Sketch;
        // The least of the training images that a request can do without.
        DatasetRequest request = new(choice, TrainLimit: 1, limit) { Need = name is null ? Need(checkpoint, provider, run) : null };
        Dataset data = DatasetLoading.Load(provider, request, options.DataDirectory, display, run);
        DatasetLoading.Note(data with { Subset = null });
        return (provider, data);
    }

    /// <exception cref="UserErrorException">The classifier takes other images, or tells other classes apart.</exception>
    public static void RequireFit(ClassifierDescription classifier, string path, Dataset data)
    {
        ImageSet images = data.Test;
        ImageShape image = classifier.Image;
        if ((image, classifier.Classes) != (images.Shape, images.ClassCount))
        {
            throw new UserErrorException(
                $"the classifier of {path} has {classifier.Classes} classes and takes images of "
                + $"{image.Height}×{image.Width}×{image.Channels}, but "
                + $"{data.Name} has {images.ClassCount} classes and images of {images.Height}×{images.Width}×{images.Channels}: "
                + "give another --dataset");
        }
    }

    /// <summary>The run's configuration, if it can be read. It only helps to find the images.</summary>
    private static RunConfiguration? Configuration(string checkpoint)
    {
        string path = ModelFile.RunOf(checkpoint).Config;
        try
        {
            return File.Exists(path) ? RunConfiguration.Read(path) : null;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    private static string Need(string checkpoint, IDatasetProvider images, RunConfiguration? run) =>
        $"{checkpoint} was trained on {images.Title}{(run?.Data is [FileRead file, ..] ? $" in {Path.GetDirectoryName(file.Path)}" : "")}";
}
