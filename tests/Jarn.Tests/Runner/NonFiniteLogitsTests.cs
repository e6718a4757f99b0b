using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Tests.Data;
using SkiaSharp;

namespace Jarn.Tests.Runner;

/// <summary>
/// A run that ends with finite weights whose logits overflow on some images: every verb says so, and of how many images, and none gives an accuracy.
/// </summary>
public sealed class NonFiniteLogitsTests
{
    private static readonly string[] Images = ["--data", "sketch", "--limit-test", "20"];

    private TemporaryFolder _folder = null!;

    private string Run => _folder["run"];

    [OneTimeSetUp]
    public void TrainToOverflow()
    {
        _folder = new TemporaryFolder();
        Assert.That(CommandLineInterface.Run(
        [
            "--method", "standard", "--device", "cpu", "--steps", "2", "--optimiser", "sgd", "--learning-rate", "100", "--input-scale", "1000000",
            "--limit-train", "64", "--attacks", "fgsm", .. Images, "--output", Run, "--quiet",
        ]), Is.Zero);
        // Predicted and exported are other images, which it takes larger weights for.
        TensorFile model = SafeTensors.Read(Path.Combine(Run, "model.safetensors"));
        Directory.CreateDirectory(_folder["larger"]);
        SafeTensors.Write(
            _folder["larger/model.safetensors"],
            [.. model.Tensors.Select(tensor => tensor with { Values = [.. tensor.Values.Select(value => value * 1e4f)] })],
            model.Metadata.ToDictionary());
        using SKBitmap picture = new(28, 28);
        picture.Erase(SKColors.White);
        using FileStream stream = File.Create(_folder["picture.png"]);
        picture.Encode(stream, SKEncodedImageFormat.Png, 100);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("4 of 20 images", "evaluate", "--checkpoint", "RUN", "--data", "sketch", "--limit-test", "20", "--attacks", "fgsm", "--output",
        "RUN/evaluation.json")]
    [TestCase("4 of 20 images", "audit", "--checkpoint", "RUN", "--data", "sketch", "--examples", "20")]
    [TestCase("4 of 20 images", "report", "--checkpoint", "RUN")]
    [TestCase("2 of 2 images", "predict", "--checkpoint", "RUN/../larger", "RUN/../picture.png", "RUN/../picture.png", "--output",
        "RUN/../predictions")]
    [TestCase("of 4 images", "export", "--checkpoint", "RUN/../larger", "--output", "RUN/../model.onnx")]
    public void Every_verb_says_so(string share, params string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(
        [
            .. arguments.Select(argument => argument.Replace("RUN", Run, StringComparison.Ordinal)),
            .. arguments[0] == "export" ? [] : new[] { "--quiet" },
        ]);
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain("the classifier's logits are infinite or NaN for ").And.Contains($"{share}, so there is nothing to measure"));
        Assert.That(error.Split('\n').Count(line => line.StartsWith("jarn: ", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(File.Exists(Path.Combine(Run, "evaluation.json"))
            || Directory.Exists(Path.Combine(Run, "audits")) && Directory.GetFiles(Path.Combine(Run, "audits")).Length > 0, Is.False);
    }

    [Test]
    public void The_run_is_kept_without_accuracies()
    {
        RunResults results = JsonFile.Read<RunResults>(Path.Combine(Run, "results.json"));
        Assert.That((results.NonFiniteLogits, results.Accuracy.Count, results.ZeroGradient.Count), Is.EqualTo(((int?)4, 0, 0)));
        Assert.That(File.ReadAllText(Path.Combine(Run, "results.json")), Does.Not.Contain("NaN"));
        Assert.That(File.Exists(Path.Combine(Run, "report.html")), Is.False);
        Assert.That(
            Remarks.OfRun(results, RunConfiguration.Read(Path.Combine(Run, "config.json")).Options, standInReason: null),
            Does.Contain("No accuracies: the classifier's logits are infinite or NaN for 4 of 20 images."));
        Assert.That(CommandLineTests.Run("runs", "show", Run).ExitCode, Is.Zero);
        Assert.That(CommandLineTests.Run("runs", "list", _folder.Path).ExitCode, Is.Zero);
    }
}
