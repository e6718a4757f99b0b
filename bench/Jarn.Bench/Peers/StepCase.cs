using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Bench.Peers;

/// <summary>A training step of the paper's networks, without its optimiser.</summary>
internal sealed class StepCase : PeerCase
{
    private const double AttackEpsilon = 0.3, AttackStep = 0.1;
    private const int AttackIterations = 7;

    private readonly Workload _workload;
    private readonly string _operation;
    private readonly Dictionary<string, Tensor> _classifier, _adaptor, _discriminator;
    private readonly Dictionary<string, Tensor> _targets;
    private readonly CapturedFunction<CapturedTensors> _step;
    private readonly Pgd _attack = new(ThreatModel.LInf(AttackEpsilon), AttackStep, AttackIterations);
    private readonly Tensor _perturbed;

    /// <param name="device">Where it is computed.</param>
    /// <param name="workload">Whose networks and batch; this disposes it.</param>
    /// <param name="operation">forward, standard, jarn, pgd7, or discriminator.</param>
    public StepCase(IDevice device, Workload workload, string operation) : base(device)
    {
        (_workload, _operation) = (workload, operation);
        _classifier = Named("classifier", Networks.Classifier);
        _adaptor = Named("adaptor", Networks.Adaptor);
        _discriminator = Named("discriminator", Networks.Discriminator);
        _targets = operation switch
        {
            "forward" => [],
            "standard" or "pgd7" => _classifier,
            "jarn" => new Dictionary<string, Tensor>(_classifier.Concat(_adaptor)),
            "discriminator" => _discriminator,
            _ => throw new ArgumentException($"no such step: {operation}"),
        };
        _step = new CapturedFunction<CapturedTensors>(device, (tape, inputs) => new CapturedTensors(Outputs(tape, inputs)));
        _perturbed = new Tensor(device, workload.Images.Shape);
        Condition();
    }

    private JarnNetworks Networks => _workload.Networks;

    /// <summary>Parameters with which a comparison in float32 is fair.</summary>
    private void Condition()
    {
        // A normalised Jacobian times 30 leaves tanh's linear range, where the adaptor's gradient would be cancellation.
        int channels = _workload.Images.Shape[3];
        Device.Upload(
            [.. Enumerable.Range(0, channels * channels).Select(i => i % (channels + 1) == 0 ? 30f : i)], _adaptor["adaptor.conv.weight"].Buffer);
        // Off the leaky ReLU's kink, where a rounding error would decide the slope: with β = 0 the Wide-ResNet's gradients in float32 are some per
        // cent from those in float64, PyTorch's as well as Jarn's. Now every channel is on one side of its own, and every other one on the other
        // side.
        foreach ((string _, Tensor beta) in _classifier.Concat(_discriminator).Where(
            parameter => parameter.Key.EndsWith("beta", StringComparison.Ordinal)))
        {
            Device.Upload([.. Enumerable.Range(0, beta.Length).Select(channel => channel % 2 == 0 ? 4f : -4f)], beta.Buffer);
        }
    }

    public override void Run()
    {
        Step();
        _step.Release();
    }

    public override IReadOnlyList<NamedTensor> Outcome()
    {
        string[] names = _operation == "forward" ? ["logits"] : ["loss", .. _targets.Keys.Select(name => $"gradient.{name}")];
        Tensor[] outputs = Step();
        List<NamedTensor> tensors =
        [
            Named("input.images", _workload.Images), Named("input.labels", _workload.Labels),
            .. _classifier.Concat(_adaptor).Concat(_discriminator).Select(parameter => Named($"parameter.{parameter.Key}", parameter.Value)),
        ];
        for (int i = 0; i < outputs.Length; i++)
        {
            tensors.Add(Named(names[i], outputs[i]));
        }
        if (_operation == "pgd7")
        {
            tensors.Add(Named("perturbed", _perturbed));
        }
        _step.Release();
        return tensors;
    }

    public override void Dispose()
    {
        _perturbed.Dispose();
        _workload.Dispose();
        base.Dispose();
    }

    private static Dictionary<string, Tensor> Named(string prefix, Network network) =>
        network.Parameters.ToDictionary(parameter => $"{prefix}.{parameter.Name}", parameter => parameter.Value);

    private static NamedTensor Named(string name, Tensor tensor) => Named(name, tensor.Shape.ToArray(), tensor.Buffer);

    private Tensor[] Step()
    {
        if (_operation != "pgd7")
        {
            return _step.Run(_workload.Images, _workload.Labels).Values;
        }
        _attack.Run(Networks.Classifier, _workload.Images, _workload.Labels, new RandomKey(5, 0), _perturbed, BatchStatistics.Batch);
        return _step.Run(_perturbed, _workload.Labels).Values;
    }

    /// <summary>The logits, or the loss and its gradients.</summary>
    private Tensor[] Outputs(Tape tape, IReadOnlyList<Tensor> inputs)
    {
        (Tensor images, Tensor labels) = (inputs[0], inputs[1]);
        if (_operation == "forward")
        {
            return [Networks.Classifier.Forward(tape, images, BatchStatistics.Batch)];
        }
        Tensor loss = _operation switch
        {
            "jarn" => JarnObjective.Evaluate(tape, Networks, images, labels, new JarnOptions(1), BatchStatistics.Batch).Total,
            "discriminator" => DiscriminatorLoss(tape, images),
            _ => tape.Mean(tape.CrossEntropy(Networks.Classifier.Forward(tape, images, BatchStatistics.Batch), labels)),
        };
        return [loss, .. tape.Gradient(loss, [.. _targets.Values], differentiable: false)];
    }

    private Tensor DiscriminatorLoss(Tape tape, Tensor images)
    {
        int samples = images.Shape[0];
        Tensor both = tape.Concatenate(0, Networks.Adaptor.Forward(tape, images, BatchStatistics.Batch), images);
        Tensor verdicts = Networks.Discriminator.Forward(tape, both, BatchStatistics.Batch);
        return tape.AdversarialLoss(tape.Slice(verdicts, 0, samples, samples), tape.Slice(verdicts, 0, 0, samples));
    }
}
