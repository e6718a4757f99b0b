using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Runs;

namespace Jarn.Bench.Peers;

/// <summary>A step of the paper's MNIST networks, without its optimiser.</summary>
internal sealed class StepCase : PeerCase
{
    private const int Samples = 64, Extent = 28, Classes = 10;
    private const double AttackEpsilon = 0.3, AttackStep = 0.1;
    private const int AttackIterations = 7;

    private readonly string _operation;
    private readonly JarnNetworks _networks;
    private readonly Tensor _images, _labels;
    private readonly Dictionary<string, Tensor> _classifier, _others;
    private readonly List<NamedTensor> _outputs = [];
    private readonly Pgd _attack = new(AttackEpsilon, AttackStep, AttackIterations);
    private bool _exporting;

    public StepCase(IDevice device, string operation) : base(device)
    {
        _operation = operation;
        _networks = new JarnNetworks(
            new MnistCnn(new Initializer(device, 3, 0), Classes, InputTransform.None),
            new Adaptor(new Initializer(device, 3, 1), 1),
            new Discriminator(new Initializer(device, 3, 2), Extent, 1, [64, 128]));
        _classifier = Named("classifier", _networks.Classifier);
        _others = operation == "discriminator" ? Named("discriminator", _networks.Discriminator) : operation == "jarn" ? Named("adaptor", _networks.Adaptor) : [];
        Condition(device);
        _images = new Tensor(device, new Shape(Samples, Extent, Extent, 1));
        device.RandomUniform(new RandomKey(4, 0), 0, 1, _images.Buffer);
        _labels = Autodiff.Tensor.From(device, new Shape(Samples, Classes), [.. Enumerable.Range(0, Samples * Classes).Select(i => i % Classes == i / Classes % Classes ? 1f : 0f)]);
    }

    /// <summary>Parameters with which a comparison in float32 is fair.</summary>
    private void Condition(IDevice device)
    {
        if (_operation == "jarn")
        {
            // A normalised Jacobian times 30 leaves tanh's linear range, where the adaptor's gradient would be cancellation.
            device.Upload([30f], _networks.Adaptor.Parameters[0].Value.Buffer);
        }
        else if (_operation == "discriminator")
        {
            // Off the leaky ReLU's kink, where a rounding error would decide the slope: one in a million shows in a filter's gradient.
            foreach (Parameter beta in _networks.Discriminator.Parameters.Where(parameter => parameter.Name.EndsWith(".beta", StringComparison.Ordinal)))
            {
                device.Fill(6, beta.Value.Buffer);
            }
        }
    }

    public override void Run()
    {
        using Tape tape = new(Device, recording: _operation != "forward");
        switch (_operation)
        {
            case "forward":
                Keep("logits", _networks.Classifier.Forward(tape, _images, BatchStatistics.Train));
                break;
            case "standard":
                Standard(tape, _images);
                break;
            case "jarn":
                JarnObjective objective = JarnObjective.Evaluate(tape, _networks, _images, _labels, new JarnOptions(1), BatchStatistics.Batch);
                Gradients(tape, objective.Total, _classifier.Concat(_others));
                break;
            case "pgd7":
                using (Tensor perturbed = new(Device, _images.Shape))
                {
                    _attack.Run(_networks.Classifier, _images, _labels, new RandomKey(5, 0), perturbed);
                    Keep("perturbed", perturbed);
                    Standard(tape, perturbed);
                }
                break;
            default:
                Tensor both = tape.Concatenate(0, _networks.Adaptor.Forward(tape, _images, BatchStatistics.Batch), _images);
                Tensor verdicts = _networks.Discriminator.Forward(tape, both, BatchStatistics.Batch);
                Tensor loss = tape.AdversarialLoss(tape.Slice(verdicts, 0, Samples, Samples), tape.Slice(verdicts, 0, 0, Samples));
                Gradients(tape, loss, _others);
                break;
        }
    }

    public override void Export(string path)
    {
        _exporting = true;
        Run();
        _exporting = false;
        IEnumerable<KeyValuePair<string, Tensor>> parameters =
            _classifier.Concat(Named("adaptor", _networks.Adaptor)).Concat(Named("discriminator", _networks.Discriminator));
        SafeTensors.Write(
            path,
            [
                Named("input.images", _images.Shape.ToArray(), _images.Buffer), Named("input.labels", _labels.Shape.ToArray(), _labels.Buffer),
                .. parameters.Select(parameter => Named($"parameter.{parameter.Key}", parameter.Value.Shape.ToArray(), parameter.Value.Buffer)),
                .. _outputs,
            ],
            new Dictionary<string, string>());
        _outputs.Clear();
    }

    public override void Dispose()
    {
        _networks.Classifier.Dispose();
        _networks.Adaptor.Dispose();
        _networks.Discriminator.Dispose();
        _images.Dispose();
        _labels.Dispose();
        base.Dispose();
    }

    private static Dictionary<string, Tensor> Named(string prefix, Network network) =>
        network.Parameters.ToDictionary(parameter => $"{prefix}.{parameter.Name}", parameter => parameter.Value);

    private void Standard(Tape tape, Tensor x)
    {
        Tensor loss = tape.Mean(tape.CrossEntropy(_networks.Classifier.Forward(tape, x, BatchStatistics.Train), _labels));
        Gradients(tape, loss, _classifier);
    }

    private void Gradients(Tape tape, Tensor loss, IEnumerable<KeyValuePair<string, Tensor>> targets)
    {
        KeyValuePair<string, Tensor>[] named = [.. targets];
        Tensor[] gradients = tape.Gradient(loss, [.. named.Select(target => target.Value)], differentiable: false);
        for (int i = 0; i < named.Length; i++)
        {
            Keep($"gradient.{named[i].Key}", gradients[i]);
        }
    }

    private void Keep(string name, Tensor tensor)
    {
        if (_exporting)
        {
            _outputs.Add(Named(name, tensor.Shape.ToArray(), tensor.Buffer));
        }
    }
}
