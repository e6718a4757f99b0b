using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Settings;

namespace Jarn.Tests.Runner;

/// <summary>Bad input: a sentence, exit code 2, nothing left behind.</summary>
public sealed class CommandLineTests
{
    private string _folder = null!;

    private string Output => Path.Combine(_folder, "run");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("jarn-cli-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("there is no data set imagenet: give mnist, fashion-mnist, svhn, cifar10, cifar100", "--dataset", "imagenet")]
    [TestCase("there is no method magic: give standard, uniform-noise, fgsm-at1, double-backprop, jarn, pgd-at7, jarn-at1, trades, fast-at, free-at, "
        + "jacobian-regularization to --method", "--method", "magic")]
    [TestCase("--epsilon is 1.5", "--epsilon", "1.5")]
    [TestCase("--epsilon is 0", "--epsilon", "0")]
    [TestCase("--epsilon is 8/0", "--epsilon", "8/0")]
    [TestCase("--epsilon is nan", "--epsilon", "NaN")]
    [TestCase("--epochs is 0", "--epochs", "0")]
    [TestCase("--batch-size is -3", "--batch-size", "-3")]
    [TestCase("--limit-train is 0", "--limit-train", "0")]
    [TestCase("--learning-rate is 0: give a number above 0", "--learning-rate", "0")]
    [TestCase("--lambda-adv is -1: give a number from 0", "--lambda-adv", "-1")]
    [TestCase("--jarn-from is 2", "--jarn-from", "2")]
    [TestCase("--jacobian is logit: give loss, target-probability", "--jacobian", "logit")]
    [TestCase("--input-normalization is max: give l2 or none", "--input-normalization", "max")]
    [TestCase("there is no attack magic: give fgsm[-margin], pgd<steps>[-margin]", "--attacks", "fgsm,magic")]
    [TestCase("--device is tpu: give auto, reference, cpu, cuda, opencl, emulator", "--device", "tpu")]
    [TestCase("--threads is -1", "--threads", "-1")]
    [TestCase("--winograd is maybe: give on or off", "--winograd", "maybe")]
    [TestCase("--matmul-precision is bf16: give auto, float32, tf32", "--matmul-precision", "bf16")]
    [TestCase("the Cpu device can't multiply in TF32", "--matmul-precision", "tf32", "--device", "cpu")]
    [TestCase("--data is fake: give auto, real, sketch", "--data", "fake")]
    [TestCase("there is no option --epohcs; did you mean --epochs?", "--epohcs", "3")]
    [TestCase("there is no option --frobnicate: 'jarn train --help' lists the options", "--frobnicate", "3")]
    [TestCase("there is no option -dataset; did you mean --dataset?", "-dataset", "svhn")]
    [TestCase("there is no command 'frobnicate': 'jarn --help' lists the commands", "frobnicate")]
    [TestCase("there is no command 'evalute'; did you mean evaluate?", "evalute", "runs/mnist")]
    [TestCase("jarn train has no use for 'runs/mnist': 'jarn train --help' lists what it takes", "train", "runs/mnist")]
    [TestCase("--steps is 'abc': give a whole number, at least 1", "--steps", "abc")]
    [TestCase("--steps is '1.5': give a whole number, at least 1", "--steps", "1.5")]
    [TestCase("--steps is '0x10': give a whole number, at least 1", "--steps", "0x10")]
    [TestCase("--steps is '99999999999': give a whole number, at least 1 and at most 2147483647", "--steps", "99999999999")]
    [TestCase("--steps is 0: give a whole number, at least 1", "--steps", "0")]
    [TestCase("--seed is '-1': give a whole number, at least 0", "--seed", "-1")]
    [TestCase("--threads is 'all': give a whole number, at least 0", "--threads", "all")]
    [TestCase("--learning-rate is 'fast': give a number", "--lr", "fast")]
    [TestCase("--steps is given twice: give it once", "--steps", "1", "--steps", "2")]
    [TestCase("--learning-rate is given twice: give it once", "--learning-rate", "1", "--lr", "2")]
    [TestCase("--steps needs a value, as in --steps N", "--steps")]
    [TestCase("--steps is empty: give a whole number, at least 1, or leave the option out", "--steps=")]
    [TestCase("--dataset is empty: give a value, or leave the option out", "--dataset", "")]
    [TestCase("--quiet takes no value, and 'yes' is given", "--quiet=yes")]
    [TestCase("did you mean jarn?", "--method", "jran")]
    [TestCase("did you mean cifar10?", "--dataset", "cifar-10")]
    [TestCase("--optimiser is adm: give adam, sgd; did you mean adam?", "--optimizer", "adm")]
    [TestCase("/no/such/folder", "--data-dir", "/no/such/folder")]
    public void Is_answered_with_a_sentence(string sentence, params string[] arguments)
    {
        (int exitCode, string error) = Run([.. arguments, "--output", Output]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("jarn: ").And.Contains(sentence));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder), Is.Empty);
    }

    [Test]
    public void An_output_folder_that_cannot_be_written_is_refused()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        (int exitCode, string error) = Run("--data", "sketch", "--limit-train", "10", "--limit-test", "10", "--output", Path.Combine(file, "run"));
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain("cannot write to the folder").And.Contains("--output"));
    }

    [Test]
    public void A_folder_that_holds_a_run_is_not_overwritten()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "results.json"), "{}");
        (int exitCode, string error) = Run("--data", "sketch", "--limit-train", "10", "--limit-test", "10", "--output", Output);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("holds files already"));
        Assert.That(File.ReadAllText(Path.Combine(Output, "results.json")), Is.EqualTo("{}"));
    }

    [TestCase("0.3", 0.3)]
    [TestCase("8/255", 8.0 / 255)]
    [TestCase("1", 1)]
    public void Epsilon_is_a_number_or_a_fraction(string text, double value) =>
        Assert.That(OptionValue.Epsilon("--epsilon", text), Is.EqualTo(value));

    [TestCase("8/255/2")]
    [TestCase("-0.1")]
    [TestCase("")]
    [TestCase("0,3")]
    public void What_is_no_epsilon_is_refused(string text) =>
        Assert.That(() => OptionValue.Epsilon("--epsilon", text), Throws.TypeOf<UserErrorException>());

    internal static (int ExitCode, string Error) Run(params string[] arguments)
    {
        int code = 0;
        string error = TestConsole.Error(() => code = CommandLineInterface.Run(arguments));
        return (code, error);
    }
}
