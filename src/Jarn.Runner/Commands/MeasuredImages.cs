using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Reports;

namespace Jarn.Runner.Commands;

/// <summary>The images that a saved classifier is measured on.</summary>
public static class MeasuredImages
{
    /// <summary>The test images of what was asked for, or of what the classifier was trained on: drawn ones again where those were drawn. Says so where they stand in.</summary>
    /// <param name="origin">The classifier's.</param>
    /// <param name="name">Of the data set; null for the classifier's own.</param>
    /// <param name="options">Where data are.</param>
    /// <param name="limit">How many of the test images; null for all.</param>
    /// <param name="display">Shows a download.</param>
    /// <exception cref="UserErrorException">There is no such data set, or none of it.</exception>
    public static (DatasetSource Source, Dataset Data) Open(ModelOrigin origin, string? name, ComputeOptions options, int? limit, IDisplay display)
    {
        DataChoice choice = OptionValue.Named<DataChoice>("--data", options.Data);
        string wanted = name ?? origin.Dataset;
        DatasetSource? drawn = DatasetSource.All.FirstOrDefault(source => source.StandIn?.DatasetName == wanted);
        DatasetSource images = drawn ?? DatasetSource.Named(wanted);
        // The least of the training images that a request can do without.
        DatasetRequest request = new(images, drawn is not null && choice == DataChoice.Auto ? DataChoice.Sketch : choice, TrainLimit: 1, limit);
        Dataset data = DatasetOpening.Open(request, options.DataDirectory, display);
        DatasetOpening.Note(data with { Subset = null });
        return (images, data);
    }

    /// <exception cref="UserErrorException">The classifier takes other images, or tells other classes apart.</exception>
    public static void RequireFit(ClassifierDescription classifier, string path, Dataset data)
    {
        ImageSet images = data.Test;
        if ((classifier.Height, classifier.ImageWidth, classifier.Channels, classifier.Classes) != (images.Height, images.Width, images.Channels, images.ClassCount))
        {
            throw new UserErrorException(
                $"the classifier of {path} tells {classifier.Classes} classes of {classifier.Height}×{classifier.ImageWidth}×{classifier.Channels} pixels apart, and "
                + $"{data.Name} has {images.ClassCount} of {images.Height}×{images.Width}×{images.Channels}: give another --dataset");
        }
    }
}
