using System.Diagnostics;
using Jarn.Runner.Commands;
using Jarn.Tests.Data;

namespace Jarn.Tests.Runner;

/// <summary>
/// Where a run's images are looked for again, each command in a process and an environment of its own. There is no network: a download fails at once.
/// </summary>
[Platform("Linux")]
[Category(TestCategory.Thorough)]
public sealed class EvaluationDataProcessTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        foreach ((string name, byte[] content) in IdxFiles.Set())
        {
            _folder.Write($"data/mnist/{name}", content);
        }
        Succeed(
            _folder["data"], "train", "--dataset", "mnist", "--method", "standard", "--preset", "small", "--steps", "2", "--attacks", "fgsm",
            "--output", "real", "--report", "off");
    }

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_run_is_measured_where_it_found_its_images_and_never_on_drawn_ones_unless_asked()
    {
        Assert.That(Evaluate(null, "real"), Does.Contain("standard on mnist,"));
        Assert.That(Evaluate(null, "real/model.safetensors"), Does.Contain("standard on mnist,"));
        Succeed(null, "audit", "--checkpoint", "real", "--examples", "2");
        Succeed(null, "report", "--checkpoint", "real", "--images", "2");

        Directory.Move(_folder["data"], _folder["moved"]);
        foreach (string[] command in new string[][] { ["evaluate", "--limit-test", "3"], ["audit", "--examples", "2"] })
        {
            string refusal = Refuse(null, [.. command, "--checkpoint", "real"]);
            Assert.That(refusal,
                Does.StartWith($"jarn: real was trained on MNIST in {_folder["data/mnist"]}, but MNIST was not found in {_folder["data/mnist"]}, "));
            Assert.That(
                refusal, Does.Contain("could not be downloaded").And.EndWith("give that folder to --data-dir, or --data sketch for drawn digits\n"));
        }
        Assert.That(Refuse(null, "report", "--checkpoint", "real"), Does.Contain("MNIST was not found in"));
        Assert.That(Evaluate(null, "real", "--data-dir", "moved"), Does.Contain("standard on mnist,"));
        Assert.That(Evaluate(_folder["moved"], "real"), Does.Contain("standard on mnist,"));
        Assert.That(Evaluate(null, "real", "--data", "sketch"), Does.Contain("standard on mnist-sketch,"));
        Assert.That(Refuse(null, "evaluate", "--checkpoint", "real", "--data-dir", "real"), Does.Contain("real does not contain MNIST"));
    }

    [Test]
    public void A_model_file_alone_says_whether_its_images_were_real()
    {
        File.Copy(_folder["real/model.safetensors"], _folder["alone"]);
        Assert.That(
            Refuse(null, "evaluate", "--checkpoint", "alone"), Does.StartWith("jarn: alone was trained on MNIST, but MNIST was not found in "));
        Assert.That(Evaluate(_folder["data"], "alone"), Does.Contain("standard on mnist,"));
        Succeed(
            null, "train", "--dataset", "mnist", "--data", "sketch", "--method", "standard", "--preset", "small", "--steps", "2",
            "--limit-train", "20", "--limit-test", "5", "--attacks", "fgsm", "--output", "drawn", "--report", "off");
        File.Copy(_folder["drawn/model.safetensors"], _folder["drawn-alone"]);
        foreach (string checkpoint in new[] { "drawn", "drawn-alone" })
        {
            Assert.That(Evaluate(_folder["data"], checkpoint), Does.Contain("standard on mnist-sketch,"),
                "a model of drawn images is measured on drawn images again");
        }
    }

    [Test]
    public void A_running_trainings_checkpoint_is_measured_and_its_resumption_finds_the_images_again()
    {
        using Process training = Start(
            _folder["data"], "train", "--dataset", "mnist", "--method", "standard", "--preset", "small", "--steps", "100000", "--attacks", "fgsm",
            "--checkpoint-every", "1s", "--keep-checkpoints", "20", "--output", "long", "--report", "off", "--tensorboard", "off");
        string checkpoint = NewestBeyond("", training);
        try
        {
            Assert.That(Refuse(null, "evaluate", "--checkpoint", "long"), Does.StartWith(
                "jarn: the training in long is still running, and has no model.safetensors yet: give its newest checkpoint, long/checkpoints/step-"));
            Assert.That(Evaluate(null, checkpoint), Does.Contain("standard on mnist,"));
        }
        finally
        {
            training.Kill();
            training.WaitForExit();
        }
        string last = Newest();
        using Process resumed = Start(null, "train", "--resume", "long", "--report", "off");
        NewestBeyond(last, resumed);
        resumed.Kill();
        resumed.WaitForExit();
    }

    /// <summary>Waits for a checkpoint of a later step.</summary>
    private string NewestBeyond(string last, Process training)
    {
        while (!training.HasExited && string.CompareOrdinal(Newest(), last) <= 0)
        {
            Thread.Sleep(20);
        }
        Assert.That(training.HasExited, Is.False, "it ended too early");
        return Newest();
    }

    private string Newest() =>
        Directory.Exists(_folder["long/checkpoints"])
            ? Directory.GetFiles(_folder["long/checkpoints"], "step-*.safetensors").Max(StringComparer.Ordinal) ?? ""
            : "";

    private string Evaluate(string? data, string checkpoint, params string[] more) =>
        Succeed(data, ["evaluate", "--checkpoint", checkpoint, "--limit-test", "3", "--attacks", "fgsm", .. more]);

    private string Succeed(string? data, params string[] arguments)
    {
        (int code, string output, string error) = Run(data, arguments);
        Assert.That(code, Is.Zero, error);
        return output;
    }

    private string Refuse(string? data, params string[] arguments)
    {
        (int code, string output, string error) = Run(data, arguments);
        Assert.That(code, Is.EqualTo(2), $"{output}{error}");
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
        return error;
    }

    private (int Code, string Output, string Error) Run(string? data, string[] arguments)
    {
        using Process process = Start(data, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    /// <param name="data">$JARN_DATA; null for none.</param>
    private Process Start(string? data, params string[] arguments)
    {
        ProcessStartInfo start = new(
            Environment.ProcessPath!, [typeof(TrainOptions).Assembly.Location, .. arguments, "--device", "cpu", "--threads", "1", "--quiet"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["JARN_DATA"] = data ?? "";
        start.Environment["XDG_CACHE_HOME"] = _folder["cache"];
        // Nobody listens there.
        start.Environment["HTTPS_PROXY"] = start.Environment["HTTP_PROXY"] = $"http://127.0.0.1:{MirrorServer.FreePort()}";
        return Process.Start(start)!;
    }
}
