using System.Globalization;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Reproduction;
using Jarn.Runner.Runs;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn predict</c>: image files, their likeliest classes, and a picture of the Jacobians.</summary>
public static class PredictCommand
{
    /// <summary>A row each in one picture.</summary>
    private const int MostImages = 200;

    private const int ClassesShown = 3, Magnification = 4;

    public static int Run(PredictOptions options)
    {
        string[] paths = [.. options.Images];
        if (paths.Length is 0 or > MostImages)
        {
            throw new UserErrorException($"jarn predict got {paths.Length} images: give the names of 1 to {MostImages} image files");
        }
        using IDevice device = DeviceChoice.Of(options).Open();
        (Network read, ModelOrigin origin) = ModelFile.Read(options.Checkpoint, device);
        using Network classifier = read;
        ImageShape shape = new(origin.Description.Height, origin.Description.ImageWidth, origin.Description.Channels);
        IReadOnlyList<string> classes = DatasetSource.ClassNamesOf(origin.Dataset, origin.Description.Classes);
        // All of them before the first is classified: an unreadable one ends it with nothing half done.
        Picture[] pictures = [.. paths.Select(path => Picture.Read(path, shape))];
        WritableFolder.Create(options.Output, "--output");
        Prediction.RequireFinite(classifier, device, [.. pictures.Select(picture => picture.Pixels)], shape);

        List<ImageGridRow> rows = [];
        foreach (Picture picture in pictures)
        {
            if (picture.Remark is not null)
            {
                Console.Error.WriteLine($"Note: {picture.Remark}.");
            }
            Prediction prediction = Prediction.Of(classifier, device, picture.Pixels, shape);
            string[] shown = [.. prediction.Ranking.Take(ClassesShown).Select(entry => Share(classes[entry.Class], entry.Confidence))];
            string zero = Array.TrueForAll(prediction.Jacobian, value => value == 0) ? "; the Jacobian is exactly zero" : "";
            Console.WriteLine($"{picture.Path}: {string.Join(", ", shown)}{zero}");
            rows.Add(new ImageGridRow($"{Path.GetFileName(picture.Path)}: {shown[0]}",
            [
                new GridImage(shape.Height, shape.Width, shape.Channels, picture.Pixels),
                GridImage.FromFloats(shape.Height, shape.Width, shape.Channels, JacobianFigure.Shades(prediction.Jacobian)),
            ]));
        }
        string file = WritableFolder.Unused(Path.Combine(options.Output, "jacobians"), ".png");
        string title = $"Images and Jacobians\n{origin.Method}, trained on {origin.Dataset}: the gradient of the cross-entropy with the predicted class, grey is 0";
        ImageGrid.Write(file, title, rows, ["Image", "Jacobian"], Magnification);
        Display.For(options.Quiet).Note($"{file}: {rows.Count} {(rows.Count == 1 ? "image" : "images")} and the Jacobians of {origin.Method}, trained on {origin.Dataset}");
        return 0;
    }

    private static string Share(string name, double confidence) => string.Create(CultureInfo.InvariantCulture, $"{name} {100 * confidence:0.00} %");
}
