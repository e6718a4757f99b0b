using Jarn.Runner.Commands;
using Jarn.Tests.Checkpoints;
using Jarn.Tests.Data;

namespace Jarn.Tests.Runner;

/// <summary>An option that would be ignored is refused, and one that is accepted counts.</summary>
public sealed class HeedingTests
{
    /// <summary>For each method-specific option, a value that a toy run does not have otherwise.</summary>
    private static readonly Dictionary<string, string> _others = new()
    {
        ["lambda-adv"] = "3",
        ["lambda-grad"] = "0.7",
        ["discriminator-widths"] = "4,3",
        ["discriminator-interval"] = "1",
        ["discriminator-learning-rate"] = "0.5",
        ["jarn-from"] = "0.6",
        ["jarn-learning-rate-factor"] = "0.5",
        ["jacobian"] = "target-probability",
        ["jacobian-normalization"] = "none",
        ["training-attack-iterations"] = "3",
        ["training-attack-step"] = "0.02",
        ["epsilon-ramp"] = "0.9",
        ["trades-beta"] = "2",
        ["trades-iterations"] = "3",
        ["fast-step"] = "0.5",
        ["free-replays"] = "2",
        ["lambda-jacobian"] = "0.5",
    };

    private static IReadOnlyList<Declaration> Specific { get; } =
        [.. Declaration.OptionsOf(typeof(TrainOptions)).Where(option => option.Conditions.Any(condition => condition.Setting == "method"))];

    /// <summary>Of pairs of an option and its value, those that a method heeds.</summary>
    public static string[] HeededBy(string method, params string[] words) =>
        [.. words.Chunk(2).Where(pair => IsHeeded(Specific.Single(option => option.Name == pair[0]), method)).SelectMany(pair => pair)];

    /// <summary>
    /// The declaration is held against what is trained: each option that a method heeds changes the model, and all others together do not.
    /// </summary>
    [Test]
    public void Method_specific_options_change_the_model_exactly_where_they_are_declared_to(
        [ValueSource(typeof(TestMethods), nameof(TestMethods.Names))] string method)
    {
        Assert.That(Specific.Select(option => option.LongName), Is.EquivalentTo(_others.Keys));
        using TemporaryFolder folder = new();
        byte[] usual = Model("usual", []);
        Assert.That(Model("ignored", Specific.Where(option => !IsHeeded(option, method))), Is.EqualTo(usual));
        Assert.Multiple(() =>
        {
            foreach (Declaration option in Specific.Where(option => IsHeeded(option, method)))
            {
                Assert.That(Model(option.LongName!, [option]), Is.Not.EqualTo(usual), option.Name);
            }
        });

        byte[] Model(string name, IEnumerable<Declaration> changed)
        {
            TrainOptions options = ToyRun.Options(method);
            foreach (Declaration option in changed)
            {
                option.Set(options, _others[option.LongName!]);
            }
            new ToyRun(options, ToyRun.Colours).Execute(folder[name]);
            return ToyRun.Model(folder[name]);
        }
    }

    /// <summary>The command line goes by the declaration, for every method-specific option and every method.</summary>
    [Test]
    public void The_command_line_refuses_what_the_method_does_not_heed([ValueSource(typeof(TestMethods), nameof(TestMethods.Names))] string method)
    {
        using TemporaryFolder folder = new();
        Assert.Multiple(() =>
        {
            foreach (Declaration option in Specific)
            {
                // A folder of data that is not there ends what is not refused.
                (int code, string error) = CommandLineTests.Run(
                    "--method", method, option.Name, _others[option.LongName!], "--data-dir", folder["absent"], "--device", "cpu", "--output",
                    folder["run"], "--quiet");
                Assert.That(code, Is.EqualTo(2));
                Assert.That(error, IsHeeded(option, method) ? Does.Contain("does not contain MNIST")
                    : Does.StartWith($"jarn: {option.Name} has no effect with --method {method}: it is for --method "));
            }
        });
    }

    [TestCase("--lambda-adv has no effect with --method standard: it is for --method jarn or jarn-at1", "train", "--dataset", "mnist", "--method",
        "standard", "--lambda-adv", "5")]
    [TestCase("--width has no effect with --network mnist-cnn: it is for --network wide-resnet", "--width", "2")]
    [TestCase("--depth has no effect with --network mnist-cnn", "--dataset", "fashion-mnist", "--depth", "14")]
    [TestCase("--input-scale has no effect with --input-normalization l2", "--input-scale", "3", "--input-normalization", "l2")]
    [TestCase("--extra has no effect with --dataset mnist: it is for --dataset svhn", "--extra")]
    [TestCase("--extra has no effect with --data sketch", "--dataset", "svhn", "--extra", "--data", "sketch")]
    [TestCase("--data-dir has no effect with --data sketch: it is for --data auto or real", "--data", "sketch", "--data-dir", "x")]
    [TestCase("--threads has no effect with --device reference: it is for --device auto or cpu", "--device", "reference", "--threads", "2")]
    [TestCase("--winograd has no effect with --device reference", "predict", "x", "y.png", "--device", "reference", "--winograd", "off")]
    [TestCase("--data-dir has no effect with --data sketch", "evaluate", "x", "--data", "sketch", "--data-dir", "y")]
    [TestCase("--count has no effect with 'jarn data fetch': it is for 'jarn data show'", "data", "fetch", "mnist", "--count", "3")]
    [TestCase("--split has no effect with 'jarn data verify'", "data", "verify", "--split", "test")]
    [TestCase("--width has no effect with --network mnist-cnn: it is for --network wide-resnet", "import", "x", "--output", "y", "--network",
        "mnist-cnn", "--dataset", "mnist", "--width", "2")]
    public void What_has_no_effect_is_refused(string sentence, params string[] arguments)
    {
        (int code, string error) = CommandLineTests.Run(arguments);
        Assert.That(code, Is.EqualTo(2), error);
        Assert.That(error, Does.StartWith($"jarn: {sentence}"));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
    }

    [Test]
    public void What_has_no_effect_on_a_run_that_is_there_is_refused()
    {
        using TemporaryFolder folder = new();
        string run = folder["run"], config = folder["run/config.json"];
        Assert.That(CommandLineInterface.Run(
        [
            "--data", "sketch", "--device", "cpu", "--method", "standard", "--steps", "1", "--batch-size", "4", "--limit-train", "4", "--limit-test",
            "2", "--attacks", "fgsm", "--report", "off", "--tensorboard", "off", "--output", run, "--quiet",
        ]), Is.Zero);
        Assert.Multiple(() =>
        {
            Refused("--lambda-adv has no effect with --method standard", "--config", config, "--lambda-adv", "1", "--output", folder["new"]);
            Refused("--lambda-adv has no effect with --method standard", "--resume", run, "--lambda-adv", "1");
            Refused("--data-dir has no effect with --data sketch", "--config", config, "--data-dir", folder.Path, "--output", folder["new"]);
            Refused("--data-dir has no effect with --data sketch", "--resume", run, "--data-dir", folder.Path);
            Refused(
                "--restarts has no effect with an attack without random starts: it is for an attack with random starts",
                "evaluate", run, "--attacks", "fgsm", "--restarts", "3");
            Refused("--seed has no effect with an attack without random starts", "evaluate", run, "--attacks", "fgsm,fgsm-margin", "--seed", "3");
            Refused(
                "--bn-mode has no effect with a network without batch norm: it is for a network with batch norm",
                "evaluate", run, "--bn-mode", "batch");
            Refused("--bn-mode has no effect with a network without batch norm", "audit", run, "--bn-mode", "batch");
            Assert.That(Directory.Exists(folder["new"]), Is.False);
        });

        static void Refused(string sentence, params string[] arguments)
        {
            (int code, string error) = CommandLineTests.Run([.. arguments, "--quiet"]);
            Assert.That(code, Is.EqualTo(2), error);
            Assert.That(error, Does.Contain($"jarn: {sentence}"));
        }
    }

    private static bool IsHeeded(Declaration option, string method) =>
        option.Conditions.All(condition => condition.Setting != "method" || condition.Values.Contains(method));
}
