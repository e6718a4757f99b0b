using System.Text.Json.Nodes;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Tests.Data;
using Jarn.Tests.Export;

namespace Jarn.Tests.Runs;

/// <summary>What was written before methods and networks had settings of their own.</summary>
public sealed class OlderFilesTests
{
    private const string Configuration = """
        {
          "options": {
            "dataset": "cifar10", "data": "sketch", "data_directory": null, "method": "METHOD", "preset": "small", "seed": 3,
            "device": "cpu", "threads": 0, "winograd": true, "limit_train": 640,
            "recipe": {
              "epochs": null, "steps": 12, "batch_size": 64, "optimiser": "sgd", "learning_rate": 0.1, "learning_rate_drops": [0.75],
              "weight_decay": 0.0002, "epsilon": 0.03, "lambda_adversarial": 5, "lambda_gradient": 0.2, "discriminator_widths": [8, 16],
              "discriminator_interval": 7, "discriminator_learning_rate": 0.002, "jarn_from": 0.5, "jarn_learning_rate_factor": 0.05,
              "jacobian": "target-probability", "normalize_jacobian": false, "training_attack_iterations": 4,
              "training_attack_step_size": 0.02, "augmentation": "none", "input_scale": 1,
              "normalize_input": true, "width": 2, "epsilon_ramp": 0.3, "depth": 14, "activation": "silu",
              "baselines": { "trades_beta": 2, "trades_iterations": 9, "fast_step_factor": 1.5, "free_replays": 5, "lambda_jacobian": 0.5 },
              "attacks": ["fgsm"], "limit_test": 20
            },
            "mat_mul_precision": null, "extra": false, "schedule": { "steps": null, "seconds": 600, "keep": 2 }
          },
          "versions": { "jarn": "0.1.0", "dotnet": "10", "ilgpu": "1.5.3", "system": "Debian" },
          "device": "cpu", "dataset": "cifar10-sketch", "stand_in_reason": "drawn", "data": []
        }
        """;

    private static IEnumerable<TestCaseData> Methods() => new (string Name, MethodSettings Settings)[]
    {
        ("standard", new StandardSettings()),
        ("jarn-at1", new JarnFgsmSettings
        {
            LambdaAdversarial = 5, DiscriminatorWidths = [8, 16], DiscriminatorInterval = 7, DiscriminatorLearningRate = 0.002, JarnFrom = 0.5,
            JarnLearningRateFactor = 0.05, Jacobian = JacobianDefinition.TargetProbability, NormalizeJacobian = false, EpsilonRamp = 0.3,
        }),
        ("double-backprop", new DoubleBackpropSettings { LambdaGradient = 0.2 }),
        ("pgd-at7", new PgdSettings { EpsilonRamp = 0.3, TrainingAttackIterations = 4, TrainingAttackStepSize = 0.02 }),
        ("trades", new TradesSettings { TradesBeta = 2, TradesIterations = 9, TrainingAttackStepSize = 0.02 }),
        ("fast-at", new FastSettings { EpsilonRamp = 0.3, FastStepFactor = 1.5 }),
        ("free-at", new FreeSettings { FreeReplays = 5 }),
        ("jacobian-regularization", new JacobianRegularizationSettings { LambdaJacobian = 0.5 }),
    }.Select(method => new TestCaseData(method.Name, method.Settings).SetArgDisplayNames(method.Name));

    [TestCaseSource(nameof(Methods))]
    public void A_config_json_is_read_and_can_be_repeated(string method, MethodSettings settings)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["config.json"], Configuration.Replace("METHOD", method, StringComparison.Ordinal));
        foreach (RunConfiguration run in new[] { RunConfiguration.Read(folder["config.json"]), ConfigFile.Read(folder["config.json"]) })
        {
            Assert.That(run.Options.Method, Is.EqualTo(method));
            // Lists compare by reference, JSON by content.
            Assert.That(Json(run.Options.Recipe.Method), Is.EqualTo(Json(settings)));
            Assert.That(run.Options.Recipe.Network, Is.EqualTo(new WideResNetSettings { Width = 2, Depth = 14, Activation = Activation.Silu }));
            Assert.That((run.Options.Seed, run.Options.Recipe.Steps, run.Options.Recipe.BatchSize, run.Options.Recipe.Epsilon),
                Is.EqualTo((3UL, 12, 64, 0.03)));
        }

        static string Json(MethodSettings settings) => System.Text.Json.JsonSerializer.Serialize(settings, JsonFile.Options);
    }

    [TestCase(
        """{"kind":"wide-res-net","height":16,"image_width":16,"channels":3,"classes":10,"input":INPUT,"width":2,"depth":14,"activation":"silu"}""")]
    [TestCase("""{"kind":"mnist-cnn","height":28,"image_width":28,"channels":1,"classes":10,"input":INPUT,"width":1,"depth":8}""")]
    public void A_model_is_read(string description)
    {
        ClassifierDescription today = description.Contains("mnist", StringComparison.Ordinal) ? Classifiers.Mnist(new InputTransform(255, true))
            : Classifiers.WideResNet(2, 14, extent: 16, new InputTransform(255, true)).WithActivation(Activation.Silu);
        using TemporaryFolder folder = new();
        Classifiers.Save(folder["model.safetensors"], today, "some");
        TensorFile file = SafeTensors.Read(folder["model.safetensors"]);
        string origin = "{\"description\":" + description.Replace("INPUT", """{"scale":255,"center_and_normalize":true}""", StringComparison.Ordinal)
            + ",\"dataset\":\"some\",\"method\":\"jarn\",\"epsilon\":0.3}";
        SafeTensors.Write(folder["older.safetensors"], file.Tensors, new Dictionary<string, string> { ["format"] = "jarn", ["jarn"] = origin });
        using CpuDevice device = new(threads: 1);
        (Network classifier, ModelOrigin read) = ModelFile.Read(folder["older.safetensors"], device);
        using Network owned = classifier;
        Assert.That(read, Is.EqualTo(new ModelOrigin(today, "some", "jarn", 0.3)));
        Assert.That(JsonNode.Parse(origin)!["description"]!["kind"], Is.Not.Null);
    }
}
