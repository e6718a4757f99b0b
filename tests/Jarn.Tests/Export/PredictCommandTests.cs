using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Evaluation;
using Jarn.Tests.Data;
using Jarn.Tests.Runner;
using SkiaSharp;

namespace Jarn.Tests.Export;

public sealed class PredictCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SaveModelAndImages()
    {
        _folder = new TemporaryFolder();
        Classifiers.Save(_folder["model.safetensors"], Classifiers.Mnist(new InputTransform(255, false)), "fashion-mnist");
        Pictures.Write(_folder["grey.png"], 28, 28, (x, y) => new SKColor((byte)(9 * x), (byte)(9 * x), (byte)(9 * x)));
        Pictures.Write(_folder["large.png"], 80, 60, (x, y) => new SKColor((byte)(3 * x), 40, (byte)(4 * y)));
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void The_three_likeliest_classes_are_printed_in_their_order_with_their_shares_of_the_softmax()
    {
        string output = Predict("grey.png");
        MatchCollection shown = Regex.Matches(output, @"(?:: |, )([^,:]+) \((\d+\.\d\d) %\)");
        Prediction expected = Expected(_folder["grey.png"]);
        IReadOnlyList<string> names = PublishedDataset.FashionMnist.ClassNames;
        Assert.That(shown.Select(match => match.Groups[1].Value), Is.EqualTo(expected.Ranking.Take(3).Select(entry => names[entry.Class])));
        Assert.That(
            shown.Select(match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)),
            Is.EqualTo(expected.Ranking.Take(3).Select(entry => 100 * entry.Confidence)).Within(0.0051));
        Assert.That(expected.Ranking[1].Confidence, Is.GreaterThan(0.001), "certainty would be no evidence");
        Assert.That(expected.Ranking.Sum(entry => entry.Confidence), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void The_picture_shows_each_image_beside_its_Jacobian_and_replaces_none()
    {
        Predict("grey.png", "large.png");
        Predict("grey.png");
        using SKBitmap two = SKBitmap.Decode(_folder["out/jacobians.png"]), one = SKBitmap.Decode(_folder["out/jacobians-2.png"]);
        Assert.That(two.Height - one.Height, Is.EqualTo((28 * 4) + 4), "a row more");
        float[] jacobian = Expected(_folder["grey.png"]).Jacobian;
        int place = Array.IndexOf(jacobian, jacobian.Max());
        // The image's last column is 9·27, which no letter and no margin is; the Jacobian's squares begin a gap behind it.
        int row = one.Height - 16 - 4 - (28 * 4);
        int right = Enumerable.Range(0, one.Width).Last(x => one.GetPixel(x, row) == new SKColor(243, 243, 243));
        int left = Enumerable.Range(right + 1, one.Width - right - 1).First(x => one.GetPixel(x, row) != SKColors.White);
        Assert.That(
            one.GetPixel(left + (place % 28 * 4) + 1, row + (place / 28 * 4) + 1).Red, Is.EqualTo(byte.MaxValue), "the steepest place is white");
        Assert.That(one.GetPixel(left + 1, row + 1).Red, Is.InRange(1, 254));
    }

    [Test]
    public void A_cropped_image_is_said_to_be_cropped()
    {
        (int exitCode, string error) = CommandLineTests.Run(
            "predict", "--checkpoint", _folder.Path, "--output", _folder["out"], "--quiet", _folder["grey.png"], _folder["large.png"]);
        Assert.That(exitCode, Is.Zero);
        Assert.That(error,
            Is.EqualTo($"Note: {_folder["large.png"]} has 80×60 pixels; its centre of 60×60 was resized to 28×28 (--fit pad shows all of it).\n"));
    }

    [TestCase("jarn predict needs --checkpoint PATH", "DIR/grey.png")]
    [TestCase("jarn predict needs images: give image files or folders of them", "--checkpoint", "DIR")]
    [TestCase("cannot read DIR/absent.png", "--checkpoint", "DIR", "DIR/grey.png", "DIR/absent.png")]
    [TestCase("the folder DIR/empty has no images in it", "--checkpoint", "DIR", "DIR/empty")]
    [TestCase("--fit is squeeze: give crop, pad, stretch", "--checkpoint", "DIR", "--fit", "squeeze", "DIR/grey.png")]
    [TestCase("DIR/model.safetensors is not an image that can be read", "--checkpoint", "DIR", "DIR/grey.png", "DIR/model.safetensors")]
    [TestCase("DIR/half.png is damaged or ends too early", "--checkpoint", "DIR", "DIR/half.png")]
    [TestCase("cannot read /no/such/model", "--checkpoint", "/no/such/model", "DIR/grey.png")]
    [TestCase("--device is tpu", "--checkpoint", "DIR", "--device", "tpu", "DIR/grey.png")]
    [TestCase("cannot write to the folder DIR/grey.png", "--checkpoint", "DIR", "--output", "DIR/grey.png", "DIR/grey.png")]
    public void Bad_input_is_answered_with_a_sentence_before_anything_is_classified(string sentence, params string[] arguments)
    {
        byte[] whole = File.ReadAllBytes(_folder["large.png"]);
        _folder.Write("half.png", whole[..(whole.Length / 2)]);
        Directory.CreateDirectory(_folder["empty"]);
        (int exitCode, string error) = CommandLineTests.Run(
            ["predict", .. arguments.Contains("--output") ? arguments.Select(Here) : ["--output", _folder["out"], .. arguments.Select(Here)]]);
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.StartWith("jarn: ").And.Contains(Here(sentence)));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
        Assert.That(Directory.Exists(_folder["out"]), Is.False);

        string Here(string text) => text.Replace("DIR", _folder.Path, StringComparison.Ordinal);
    }

    [Test]
    public void A_folders_images_are_classified_by_name_and_a_folder_of_a_classs_name_tells_the_truth()
    {
        foreach (string name in new[] { "Coat/b.PNG", "Coat/a.png", "other/c.png", "Coat/deeper/d.png" })
        {
            _folder.Write(name, File.ReadAllBytes(_folder["grey.png"]));
        }
        _folder.Write("Coat/notes.txt", []);
        string[] lines = Predict("Coat", "other").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string likeliest = PublishedDataset.FashionMnist.ClassNames[Expected(_folder["grey.png"]).Ranking[0].Class];
        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(lines[0], Does.StartWith($"{_folder["Coat/a.png"]}: True: Coat. Predicted: {likeliest} ("));
        Assert.That(lines[1], Does.StartWith($"{_folder["Coat/b.PNG"]}: True: Coat. Predicted: {likeliest} ("));
        Assert.That(lines[2], Does.StartWith($"{_folder["other/c.png"]}: {likeliest} ("));
        Assert.That(lines[3], Is.EqualTo(
            $"Accuracy on the 2 images in folders with a class's name: {(likeliest == "Coat" ? "100.00 % (2 right)" : "0.00 % (0 right)")}"));
    }

    [Test]
    public void JSON_is_all_that_standard_output_has()
    {
        using JsonDocument json = JsonDocument.Parse(Classifiers.RunForOutput(
            "predict", "--checkpoint", _folder.Path, "--device", "cpu", "--output", _folder["out"], "--json", _folder["grey.png"],
            _folder["large.png"]));
        JsonElement first = json.RootElement[0];
        Prediction expected = Expected(_folder["grey.png"]);
        Assert.That(json.RootElement.GetArrayLength(), Is.EqualTo(2));
        Assert.That(first.EnumerateObject().Select(property => property.Name),
            Is.EqualTo(new[] { "path", "predicted", "probability", "true_class", "zero_gradient", "probabilities" }));
        Assert.That(first.GetProperty("predicted").GetString(), Is.EqualTo(PublishedDataset.FashionMnist.ClassNames[expected.Ranking[0].Class]));
        Assert.That(first.GetProperty("probability").GetDouble(), Is.EqualTo(expected.Ranking[0].Confidence).Within(1e-5));
        Assert.That(first.GetProperty("true_class").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(first.GetProperty("probabilities").EnumerateObject().Sum(property => property.Value.GetDouble()), Is.EqualTo(1).Within(1e-9));
        Assert.That(first.GetProperty("probabilities").EnumerateObject().Count(), Is.EqualTo(10));
    }

    [Test]
    public void Any_number_of_images_is_classified_and_the_first_200_are_pictured()
    {
        byte[] grey = File.ReadAllBytes(_folder["grey.png"]);
        for (int i = 0; i < 205; i++)
        {
            _folder.Write($"many/{i:000}.png", grey);
        }
        string output = Classifiers.RunForOutput(
            "predict", "--checkpoint", _folder.Path, "--device", "cpu", "--output", _folder["out"], _folder["many"]);
        Assert.That(output.Split('\n')
            .Count(line => line.Contains(".png: ", StringComparison.Ordinal) && line.Contains(" %)", StringComparison.Ordinal)), Is.EqualTo(205));
        Assert.That(output, Does.Contain("jacobians.png: the first 200 of 205 images and the Jacobians of jarn, trained on fashion-mnist\n"));
        using SKBitmap picture = SKBitmap.Decode(_folder["out/jacobians.png"]);
        Assert.That(picture.Height, Is.InRange(200 * 116, 201 * 116));
    }

    [Test]
    public void The_Jacobian_is_the_slope_of_the_likeliest_classs_cross_entropy()
    {
        ClassifierDescription description = Classifiers.WideResNet(1, 8, extent: 8);
        using ReferenceDevice device = new();
        using Network network = Classifiers.Build(description, device);
        byte[] pixels = new byte[8 * 8 * 3];
        new Random(2).NextBytes(pixels);
        Prediction prediction = Prediction.Of(network, device, pixels, description.Image);
        double[] x = [.. pixels.Select(pixel => (double)(pixel / 255f))];
        const double step = 1e-6;
        int steepest = Array.FindIndex(prediction.Jacobian, value => Math.Abs(value) == prediction.Jacobian.Max(Math.Abs));
        Assert.That((Loss(step) - Loss(-step)) / (2 * step), Is.EqualTo(prediction.Jacobian[steepest]).Within(1e-4).Percent);

        double Loss(double shift)
        {
            using Tensor shifted = Tensor.From(device, new Shape(1, 8, 8, 3), [.. x.Select((value, i) => i == steepest ? value + shift : value)]);
            using Tape tape = new(device, recording: false);
            double[] logits = network.Forward(tape, shifted, BatchStatistics.Running).ToDoubles();
            return Math.Log(logits.Sum(Math.Exp)) - logits[prediction.Ranking[0].Class];
        }
    }

    private string Predict(params string[] names) => Classifiers.RunForOutput(
        ["predict", "--checkpoint", _folder.Path, "--device", "cpu", "--output", _folder["out"], "--quiet", .. names.Select(name => _folder[name])]);

    private Prediction Expected(string image)
    {
        using ReferenceDevice device = new();
        (Network read, ModelOrigin origin) = Jarn.Runner.Experiments.Runs.ModelFile.Read(_folder.Path, device);
        using Network network = read;
        return Prediction.Of(network, device, Picture.Read(image, origin.Description.Image).Pixels, origin.Description.Image);
    }
}
