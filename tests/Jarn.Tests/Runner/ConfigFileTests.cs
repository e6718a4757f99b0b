using System.Text.Json.Nodes;
using Jarn.Runner.Commands;
using Jarn.Tests.Data;

namespace Jarn.Tests.Runner;

/// <summary><c>train --config</c>: a run's config.json starts the same run again, and what is no such file is refused by its key.</summary>
public sealed class ConfigFileTests
{
    private TemporaryFolder _folder = null!;
    private string _config = null!;

    /// <summary>A run whose every setting differs from what train does without options.</summary>
    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        _config = _folder["first/config.json"];
        Assert.That(CommandLineInterface.Run(
        [
            "--data", "sketch", "--device", "cpu", "--threads", "1", "--winograd", "off", "--method", "fgsm-at1", "--seed", "5", "--steps", "6",
            "--batch-size", "8", "--epsilon", "8/255", "--learning-rate", "0.003", "--learning-rate-drops", "0.5", "--optimiser", "sgd",
            "--augmentation", "crop-and-flip", "--input-normalization", "l2", "--attacks", "fgsm", "--limit-train", "40", "--limit-test", "5",
            "--output", _folder["first"], "--quiet",
        ]), Is.Zero);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void The_same_run_gives_the_same_model_and_the_same_settings()
    {
        Again("same");
        Assert.That(Model("same"), Is.EqualTo(Model("first")));
        Assert.That(Settings("same").ToJsonString(), Is.EqualTo(Settings("first").ToJsonString()));
    }

    [Test]
    public void What_is_given_besides_counts_and_nothing_else_changes()
    {
        Again("other", "--seed", "6", "--epsilon", "0.1", "--threads", "2");
        Assert.That(Model("other"), Is.Not.EqualTo(Model("first")));
        JsonObject expected = Settings("first");
        (expected["seed"], expected["threads"], expected["recipe"]!["threat_model"]!["epsilon"]) = (6, 2, 0.1);
        Assert.That(Settings("other").ToJsonString(), Is.EqualTo(expected.ToJsonString()));
    }

    [TestCase("options.recipe.batch_size", "\"many\"", "has \"many\" for options.recipe.batch_size, which is not a valid value")]
    [TestCase("options.recipe.learning_rate_drops", "0.5", "has 0.5 for options.recipe.learning_rate_drops, which is not a valid value")]
    [TestCase("options.device", "\"tpu\"", "has \"tpu\" for options.device, which is not a valid value")]
    [TestCase("options.seed", "-1", "has -1 for options.seed, which is not a valid value")]
    [TestCase("options.recipe", "7", "has a value at options.recipe where an object is expected")]
    [TestCase("options.recipe.epslion", "0.1", "has options.recipe.epslion, and there is no such setting")]
    [TestCase("colour", "1", "has colour, and there is no such setting")]
    [TestCase("options.recipe.method", null, "lacks options.recipe.method")]
    [TestCase("options.recipe.network", null, "lacks options.recipe.network")]
    [TestCase("options.recipe.method.lambda_adversarial", "2", "has options.recipe.method.lambda_adversarial, and there is no such setting")]
    [TestCase("options.recipe.network.widht", "2", "has options.recipe.network.widht, and there is no such setting")]
    [TestCase("options", null, "lacks options")]
    [TestCase("options.recipe.threat_model.epsilon", "0", "--epsilon is 0")]
    [TestCase("options.recipe.threat_model.epsilon", "7", "ε is from 0 to 1")]
    [TestCase("options.recipe.method.epsilon_ramp", "-1", "--epsilon-ramp is -1")]
    [TestCase("options.recipe.method", "null", "null")]
    [TestCase("options.recipe.network.activation", "\"tanh\"", "--activation is tanh: give leaky-relu, relu, silu, softplus")]
    [TestCase("options.recipe.method.name", "\"magic\"", "there is no method magic")]
    [TestCase("verb", "\"reproduce\"", "is of 'jarn reproduce', and this is 'jarn train'")]
    public void A_fault_is_named_by_its_key(string key, string? value, string sentence)
    {
        JsonObject config = JsonNode.Parse(File.ReadAllText(_config))!.AsObject(), parent = config;
        string[] way = key.Split('.');
        foreach (string step in way[..^1])
        {
            parent = parent[step]!.AsObject();
        }
        if (value is null)
        {
            parent.Remove(way[^1]);
        }
        else
        {
            parent[way[^1]] = JsonNode.Parse(value);
        }
        AssertRefused(sentence, "--config", _folder.Write("faulty.json", System.Text.Encoding.UTF8.GetBytes(config.ToJsonString())));
    }

    [Test]
    public void What_is_no_config_file_is_refused()
    {
        AssertRefused("is not valid JSON", "--config", _folder.Write("text.json", "epsilon = 0.3"u8.ToArray()));
        AssertRefused("cannot read", "--config", _folder["absent.json"]);
        AssertRefused("there is no such setting", "--config", _folder["first/results.json"]);
    }

    [Test]
    public void Two_recipes_at_once_are_refused()
    {
        AssertRefused("--config and --preset are both given", "--config", _config, "--preset", "small");
        AssertRefused("--config and --resume are both given", "--config", _config, "--resume", _folder["first"]);
    }

    private void AssertRefused(string sentence, params string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(arguments);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("jarn: ").And.Contains(sentence));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain('\n'));
    }

    private void Again(string name, params string[] options) =>
        Assert.That(CommandLineInterface.Run(["--config", _config, "--output", _folder[name], "--quiet", .. options]), Is.Zero);

    private byte[] Model(string run) => File.ReadAllBytes(_folder[$"{run}/model.safetensors"]);

    private JsonObject Settings(string run) => JsonNode.Parse(File.ReadAllText(_folder[$"{run}/config.json"]))!["options"]!.AsObject();
}
