using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Runs;

namespace Jarn.Bench.Peers;

/// <summary>A training step of the paper's networks, without its optimiser.</summary>
internal sealed class StepCase : PeerCase
{
    private const double AttackEpsilon = 0.3, AttackStep = 0.1;
    private const int AttackIterations = 7;

    private readonly Workload _workload;
    private readonly string _operation;
    private readonly Dictionary<string, Tensor> _classifier, _adaptor, _discriminator;
    private readonly List<NamedTensor> _outputs = [];
    private bool _exporting;

    /// <param name="device">Where it is computed.</param>
    /// <param name="workload">Whose networks and batch; this disposes it.</param>
    /// <param name="operation">forward, standard, jarn, pgd7, or discriminator.</param>
    public StepCase(IDevice device, Workload workload, string operation) : base(device)
    {
        (_workload, _operation) = (workload, operation);
        _classifier = Named("classifier", Networks.Classifier);
        _adaptor = Named("adaptor", Networks.Adaptor);
        _discriminator = Named("discriminator", Networks.Discriminator);
        Condition();
    }

    private JarnNetworks Networks => _workload.Networks;

    /// <summary>Parameters with which a comparison in float32 is fair.</summary>
    private void Condition()
    {
        // A normalised Jacobian times 30 leaves tanh's linear range, where the adaptor's gradient would be cancellation.
        int channels = _workload.Images.Shape[3];
        Device.Upload([.. Enumerable.Range(0, channels * channels).Select(i => i % (channels + 1) == 0 ? 30f : i)], _adaptor["adaptor.conv.weight"].Buffer);
        // Off the leaky ReLU's kink, where a rounding error would decide the slope: with β = 0 the Wide-ResNet's gradients in float32 are some per cent
        // from those in float64, PyTorch's as well as Jarn's. Now every channel is on one side of its own, and every other one on the other side.
        foreach ((string _, Tensor beta) in _classifier.Concat(_discriminator).Where(parameter => parameter.Key.EndsWith("beta", StringComparison.Ordinal)))
        {
            Device.Upload([.. Enumerable.Range(0, beta.Length).Select(channel => channel % 2 == 0 ? 4f : -4f)], beta.Buffer);
        }
    }

    public override void Run()
    {
        using Tape tape = new(Device, recording: _operation != "forward");
        switch (_operation)
        {
            case "forward":
                Keep("logits", Networks.Classifier.Forward(tape, _workload.Images, BatchStatistics.Batch));
                break;
            case "standard":
                Standard(tape, _workload.Images);
                break;
            case "jarn":
                JarnObjective objective = JarnObjective.Evaluate(
                    tape, Networks, _workload.Images, _workload.Labels, new JarnOptions(1), BatchStatistics.Batch);
                Gradients(tape, objective.Total, _classifier.Concat(_adaptor));
                break;
            case "pgd7":
                Pgd attack = new(AttackEpsilon, AttackStep, AttackIterations);
                using (AttackOutcome outcome = attack.Run(
                    Networks.Classifier, _workload.Images, _workload.Labels, new RandomKey(5, 0), BatchStatistics.Batch))
                {
                    Keep("perturbed", outcome.Perturbed);
                    Standard(tape, outcome.Perturbed);
                }
                break;
            case "discriminator":
                int samples = _workload.Images.Shape[0];
                Tensor both = tape.Concatenate(0, Networks.Adaptor.Forward(tape, _workload.Images, BatchStatistics.Batch), _workload.Images);
                Tensor verdicts = Networks.Discriminator.Forward(tape, both, BatchStatistics.Batch);
                Gradients(tape, tape.AdversarialLoss(tape.Slice(verdicts, 0, samples, samples), tape.Slice(verdicts, 0, 0, samples)), _discriminator);
                break;
            default:
                throw new ArgumentException($"no such step: {_operation}");
        }
    }

    public override void Export(string path)
    {
        _exporting = true;
        Run();
        _exporting = false;
        SafeTensors.Write(
            path,
            [
                Named("input.images", _workload.Images), Named("input.labels", _workload.Labels),
                .. _classifier.Concat(_adaptor).Concat(_discriminator).Select(parameter => Named($"parameter.{parameter.Key}", parameter.Value)),
                .. _outputs,
            ],
            new Dictionary<string, string>());
        _outputs.Clear();
    }

    public override void Dispose()
    {
        _workload.Dispose();
        base.Dispose();
    }

    private static Dictionary<string, Tensor> Named(string prefix, Network network) =>
        network.Parameters.ToDictionary(parameter => $"{prefix}.{parameter.Name}", parameter => parameter.Value);

    private static NamedTensor Named(string name, Tensor tensor) => Named(name, tensor.Shape.ToArray(), tensor.Buffer);

    private void Standard(Tape tape, Tensor x)
    {
        Tensor loss = tape.Mean(tape.CrossEntropy(Networks.Classifier.Forward(tape, x, BatchStatistics.Batch), _workload.Labels));
        Gradients(tape, loss, _classifier);
    }

    private void Gradients(Tape tape, Tensor loss, IEnumerable<KeyValuePair<string, Tensor>> targets)
    {
        KeyValuePair<string, Tensor>[] named = [.. targets];
        Tensor[] gradients = tape.Gradient(loss, [.. named.Select(target => target.Value)], differentiable: false);
        Keep("loss", loss);
        for (int i = 0; i < named.Length; i++)
        {
            Keep($"gradient.{named[i].Key}", gradients[i]);
        }
    }

    private void Keep(string name, Tensor tensor)
    {
        if (_exporting)
        {
            _outputs.Add(Named(name, tensor));
        }
    }
}
