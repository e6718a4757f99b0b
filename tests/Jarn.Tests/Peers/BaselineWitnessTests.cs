using System.Runtime.CompilerServices;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Settings;
using Jarn.Tests.Data;
using Jarn.Tests.Models;

namespace Jarn.Tests.Peers;

/// <summary>PyTorch's autograd as an independent witness of the objectives that JARN is held against, through smooth activations.</summary>
[Category(TestCategory.Thorough)]
public sealed class BaselineWitnessTests
{
    private const double Weight = 3;

    [TestCase(false, Activation.Silu)]
    [TestCase(false, Activation.Softplus)]
    [TestCase(true, Activation.Silu)]
    public void TRADES_and_Jacobian_regularization_agree_with_PyTorch(bool residual, Activation activation)
    {
        string python = Python.With("torch", "PyTorch (Debian: python3-torch)");
        using TemporaryFolder folder = new();
        string file = folder["step.safetensors"];
        WriteStep(file, residual, activation);
        (int exitCode, string output) = Python.Execute(python, Script(), file);
        TestContext.Out.WriteLine(output);
        Assert.That(exitCode, Is.Zero, output);
    }

    private static void WriteStep(string file, bool residual, Activation activation)
    {
        using ReferenceDevice device = new();
        Initializer initializer = new(device, 3, 0);
        using Tensor x = residual ? ToyWideResNet.Images(device, 4, 8) : JarnObjectiveTests.Images(device);
        using Tensor y = residual ? ToyWideResNet.Labels(device, 4) : JarnObjectiveTests.Labels(device);
        using Network classifier = residual
            ? new WideResNet(initializer, 3, y.Shape[1], InputTransform.None, width: 1, unitsPerStage: 1, activation)
            : new MnistCnn(initializer, y.Shape[1], InputTransform.None, [4, 6, 8], activation);
        foreach (Parameter parameter in classifier.Parameters)
        {
            // The file holds float32.
            device.Upload(parameter.Value.ToArray(), parameter.Value.Buffer);
        }
        Random random = new(4);
        using Tensor perturbed = Tensor.From(device, x.Shape, [.. x.ToArray().Select(value => (float)(value + random.NextDouble() - 0.5))]);
        using Tensor directions = Tensor.From(device, y.Shape, [.. Enumerable.Range(0, y.Length).Select(_ => (float)(random.NextDouble() - 0.5))]);
        SafeTensors.Write(
            file,
            [
                Named("input.images", x), Named("input.labels", y), Named("input.perturbed", perturbed), Named("input.directions", directions),
                .. classifier.Parameters.Select(parameter => Named($"parameter.classifier.{parameter.Name}", parameter.Value)),
                .. Objective("trades", tape => TradesObjective.Evaluate(tape, classifier, x, perturbed, y, Weight).Total),
                .. Objective("jacobian", tape => JacobianRegularizationObjective.Evaluate(tape, classifier, x, y, directions, Weight).Total),
            ],
            new Dictionary<string, string> { ["activation"] = OptionValue.Word(activation), ["weight"] = $"{Weight}" });

        NamedTensor[] Objective(string name, Func<Tape, Tensor> total)
        {
            using Tape tape = new(device);
            Tensor loss = total(tape);
            tape.Keep(loss);
            Tensor[] gradients = tape.Gradient(loss, [.. classifier.Parameters.Select(parameter => parameter.Value)], differentiable: false);
            return
            [
                Named($"{name}.total", loss),
                .. classifier.Parameters.Zip(gradients, (parameter, gradient) => Named($"{name}.classifier.{parameter.Name}", gradient)),
            ];
        }
    }

    private static NamedTensor Named(string name, Tensor tensor) => new(name, tensor.Shape.ToArray(), tensor.ToArray());

    private static string Script([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../peers/baseline_step.py"));
}
