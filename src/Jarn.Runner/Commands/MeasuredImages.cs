using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Reports;
using Jarn.Runner.Runs;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>The images that a saved classifier is measured on.</summary>
public static class MeasuredImages
{
    /// <summary>
    /// The test images of what was asked for, or of what the classifier was trained on: drawn ones again where those were drawn. Real images are looked for
    /// where its run found them; nothing stands in for them unless that was asked for. Says so where it was.
    /// </summary>
    /// <param name="checkpoint">The classifier, as <see cref="ModelFile.Read"/> takes it.</param>
    /// <param name="origin">The classifier's.</param>
    /// <param name="name">Of the data set; null for the classifier's own.</param>
    /// <param name="options">Where data are.</param>
    /// <param name="limit">How many of the test images; null for all.</param>
    /// <param name="display">Shows a download.</param>
    /// <exception cref="UserErrorException">There is no such data set, or it is not here.</exception>
    public static (DatasetSource Source, Dataset Data) Open(
        string checkpoint, ModelOrigin origin, string? name, ComputeOptions options, int? limit, IDisplay display)
    {
        DataChoice typed = OptionValue.Named<DataChoice>("--data", options.Data);
        string wanted = name ?? origin.Dataset;
        DatasetSource? drawn = DatasetSource.All.FirstOrDefault(source => source.StandIn?.DatasetName == wanted);
        DatasetSource images = drawn ?? DatasetSource.Named(wanted);
        RunConfiguration? run = Configuration(checkpoint);
        // The least of the training images that a request can do without.
        DatasetRequest request = new(
            images, typed != DataChoice.Auto ? typed : drawn is null ? DataChoice.Real : DataChoice.Sketch, TrainLimit: 1, limit,
            name is null ? Need(checkpoint, images, run) : null);
        Dataset data = DatasetOpening.Open(request, options.DataDirectory, display, run);
        DatasetOpening.Note(data with { Subset = null });
        return (images, data);
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
                + $"{data.Name} has {images.ClassCount} classes and images of {images.Height}×{images.Width}×{images.Channels}: give another --dataset");
        }
    }

    /// <summary>It only helps to find the images: a classifier can be measured without one, or with one that can't be read.</summary>
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

    private static string Need(string checkpoint, DatasetSource images, RunConfiguration? run) =>
        $"{checkpoint} was trained on {images.Title}{(run?.Data is [FileRead file, ..] ? $" in {Path.GetDirectoryName(file.Path)}" : "")}";
}
