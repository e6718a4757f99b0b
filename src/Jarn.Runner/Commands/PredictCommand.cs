using System.Globalization;
using System.Text.Json;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Evaluation;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>An image's entry in the JSON of <c>jarn predict</c>.</summary>
/// <param name="Path">The path of the image file.</param>
/// <param name="Predicted">The most likely class.</param>
/// <param name="Probability">Its softmax probability.</param>
/// <param name="TrueClass">The class that the file's folder is named after; null if it is not named after a class.</param>
/// <param name="ZeroGradient">Whether the Jacobian is exactly zero.</param>
/// <param name="Probabilities">The softmax probabilities of all classes, the highest first.</param>
internal sealed record PredictedImage(
    string Path, string Predicted, double Probability, string? TrueClass, bool ZeroGradient, IReadOnlyDictionary<string, double> Probabilities);

/// <summary><c>jarn predict</c>: classifies image files, and draws the Jacobians.</summary>
public static class PredictCommand
{
    /// <summary>The most images in the picture, one per row: more would be too high for viewers.</summary>
    private const int MostRows = 200;

    private const int ClassesShown = 3, Magnification = 4;

    public static int Run(PredictOptions options)
    {
        PictureFit fit = OptionValue.Named<PictureFit>("--fit", options.Fit);
        string[] paths = [.. options.Images.SelectMany(Files)];
        if (paths.Length == 0)
        {
            throw new UserErrorException("jarn predict needs images: give image files or folders of them");
        }
        using IDevice device = DeviceChoice.Of(options).Open();
        (Network read, ModelOrigin origin) = ModelFile.Read(options.Checkpoint, device);
        using Network classifier = read;
        ImageShape shape = origin.Description.Image;
        IReadOnlyList<string> classes = Datasets.ClassNamesOf(origin.Dataset, origin.Description.Classes);
        // All of them before the first is classified: an unreadable one ends it with nothing half done.
        Picture[] pictures = [.. paths.Select(path => Picture.Read(path, shape, fit))];
        WritableFolder.Create(options.Output, "--output");
        Prediction.RequireFinite(classifier, device, [.. pictures.Select(picture => picture.Pixels)], shape);

        List<PredictedImage> images = [];
        List<ImageGridRow> rows = [];
        foreach (Picture picture in pictures)
        {
            foreach (string remark in picture.Remarks)
            {
                Console.Error.WriteLine($"Note: {remark}.");
            }
            Prediction prediction = Prediction.Of(classifier, device, picture.Pixels, shape);
            PredictedImage image = Describe(picture.Path, prediction, classes);
            images.Add(image);
            if (!options.Json)
            {
                Print(image);
            }
            if (rows.Count < MostRows)
            {
                rows.Add(new ImageGridRow($"{Path.GetFileName(picture.Path)}: {Share(image.Predicted, image.Probability)}",
                [
                    new GridImage(shape.Height, shape.Width, shape.Channels, picture.Pixels),
                    GridImage.FromFloats(shape.Height, shape.Width, shape.Channels, Jacobian.Shades(prediction.Jacobian)),
                ]));
            }
        }
        Summarise(images, options);
        string file = WritableFolder.Unused(Path.Combine(options.Output, "jacobians"), ".png");
        string title =
            $"Images and Jacobians\n{origin.Method}, trained on {origin.Dataset}: gradient of the cross-entropy with the predicted class; grey is 0";
        ImageGrid.Write(file, title, rows, ["Image", "Jacobian"], Magnification);
        if (!options.Quiet)
        {
            string shown = rows.Count < images.Count ? $"the first {rows.Count} of {images.Count} images"
                : rows.Count == 1 ? "1 image"
                : $"{rows.Count} images";
            (options.Json ? Console.Error : Console.Out)
                .WriteLine($"{file}: {shown} and the Jacobians of {origin.Method}, trained on {origin.Dataset}");
        }
        return 0;
    }

    /// <summary>A file itself; a folder's image files by name.</summary>
    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }
        try
        {
            string[] files = [.. Directory.GetFiles(path).Where(IsImage).Order(StringComparer.Ordinal)];
            return files.Length > 0 ? files
                : throw new UserErrorException(
                    $"the folder {path} has no images in it ({string.Join(", ", Picture.Extensions)}): its subfolders are not searched, "
                    + "give them instead");
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException(
                $"cannot read the folder {path} ({exception.Message.TrimEnd('.')}): give image files or folders of them", exception);
        }
    }

    private static bool IsImage(string path) => Picture.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static PredictedImage Describe(string path, Prediction prediction, IReadOnlyList<string> classes)
    {
        string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "";
        return new PredictedImage(
            path, classes[prediction.Ranking[0].Class], prediction.Ranking[0].Confidence,
            classes.FirstOrDefault(name => name.Equals(folder, StringComparison.OrdinalIgnoreCase)),
            Array.TrueForAll(prediction.Jacobian, value => value == 0),
            prediction.Ranking.ToDictionary(entry => classes[entry.Class], entry => entry.Confidence));
    }

    private static void Print(PredictedImage image)
    {
        string shares = string.Join(", ", image.Probabilities.Take(ClassesShown).Select(entry => Share(entry.Key, entry.Value)));
        string truth = image.TrueClass is null ? "" : $"True: {image.TrueClass}. Predicted: ";
        Console.WriteLine($"{image.Path}: {truth}{shares}{(image.ZeroGradient ? "; the Jacobian is exactly zero" : "")}");
    }

    private static void Summarise(IReadOnlyList<PredictedImage> images, PredictOptions options)
    {
        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(images, JsonFile.Options));
            return;
        }
        PredictedImage[] known = [.. images.Where(image => image.TrueClass is not null)];
        if (known.Length > 1)
        {
            int right = known.Count(image => image.TrueClass == image.Predicted);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Accuracy on the {known.Length} images in folders with a class's name: {100.0 * right / known.Length:0.00} % ({right} right)"));
        }
    }

    private static string Share(string name, double probability) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} ({100 * probability:0.00} %)");
}
