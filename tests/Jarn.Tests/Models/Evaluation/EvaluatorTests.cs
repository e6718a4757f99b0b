using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Tests.Models;

public sealed class EvaluatorTests
{
    private const int Side = 4, BatchSize = 200;

    private CpuDevice _device = null!;

    [SetUp]
    public void OpenDevice() => _device = new CpuDevice(threads: 2);

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    [Test]
    public void A_margin_loss_sees_through_a_saturated_softmax_that_hides_everything_from_the_cross_entropy()
    {
        using HalvesNetwork saturated = new(_device, scale: 1e4f);
        Evaluator evaluator = Of(saturated, Halves(250, low: 76, high: 179));
        foreach (string name in new[] { "fgsm", "pgd5" })
        {
            AttackResult blind = evaluator.Run(AttackDefinition.Named(name, ThreatModel.LInf(0.3), 1));
            AttackResult seeing = evaluator.Run(AttackDefinition.Named($"{name}-margin", ThreatModel.LInf(0.3), 1));
            Assert.That((blind.Accuracy, blind.ZeroGradient), Is.EqualTo((100.0, 100.0)), name);
            Assert.That((seeing.Accuracy, seeing.ZeroGradient), Is.EqualTo((0.0, 0.0)), name);
        }
    }

    [Test]
    public void Both_losses_bring_down_a_softmax_that_is_not_saturated()
    {
        using HalvesNetwork network = new(_device, scale: 1);
        Evaluator evaluator = Of(network, Halves(250));
        Assert.That(evaluator.Clean().Accuracy, Is.EqualTo(100));
        foreach (string name in new[] { "fgsm", "pgd3", "fgsm-margin", "pgd3-margin" })
        {
            Attack attack = AttackDefinition.Named(name, ThreatModel.LInf(0.3), 1);
            Assert.That((attack.Name, evaluator.Run(attack).Accuracy), Is.EqualTo((name, 0.0)));
        }
    }

    [Test]
    public void An_image_is_robust_only_if_it_survives_every_start_and_a_batch_without_survivors_is_left_alone()
    {
        using HalvesNetwork network = new(_device, scale: 1);
        Evaluator evaluator = Of(network, Halves(250));
        for (int restarts = 1; restarts <= 5; restarts++)
        {
            // The n-th start of a batch defeats its images n, n + 3, n + 6…: after three nothing is left.
            PlantedAttack attack = new(
                (x, _, start) => x.Chunk(Side * Side).SelectMany((image, i) => i % 3 == start ? image.Select(pixel => 1 - pixel) : image),
                restarts: restarts);
            AttackResult result = evaluator.Run(attack);
            Assert.That(result.Robust, Is.EqualTo(Enumerable.Range(0, 250).Select(i => i % BatchSize % 3 >= restarts)), $"{restarts} restarts");
            Assert.That(result.Accuracy, Is.EqualTo(100.0 * result.Robust.Count(survives => survives) / 250));
            Assert.That(attack.Keys, Has.Count.EqualTo(2 * Math.Min(restarts, 3)).And.Unique);
        }
    }

    [Test]
    public void Restarts_never_raise_accuracy_and_the_first_start_is_the_same_with_and_without_them()
    {
        // The gradients are zero: what is left of PGD is its random start, which the one or the other of these images survives.
        using HalvesNetwork saturated = new(_device, scale: 1e4f);
        Evaluator evaluator = Of(saturated, Halves(250, low: 127, high: 128));
        bool[][] robust =
        [
            .. new[] { 1, 1, 2, 4, 8 }.Select(restarts => evaluator.Run(new Pgd(ThreatModel.LInf(0.3), 0.1, 2, restarts: restarts)).Robust),
        ];
        Assert.That(robust[1], Is.EqualTo(robust[0]));
        for (int i = 2; i < robust.Length; i++)
        {
            Assert.That(robust[i].Zip(robust[i - 1]).All(pair => pair.Second || !pair.First), "an image that was lost stays lost");
            Assert.That(robust[i].Count(survives => survives), Is.LessThan(robust[i - 1].Count(survives => survives)));
        }
    }

    [Test]
    public void An_attack_without_a_random_start_starts_once()
    {
        using HalvesNetwork network = new(_device, scale: 1);
        PlantedAttack attack = new((x, _, _) => x, startsAtRandom: false, restarts: 1000);
        AttackResult result = Of(network, Halves(10)).Run(attack);
        Assert.That((result.Accuracy, attack.Keys.Count), Is.EqualTo((100.0, 1)));
    }

    [Test]
    public void A_transfer_attack_from_the_same_weights_is_the_white_box_and_from_opposite_ones_it_is_harmless()
    {
        ImageSet images = Halves(250);
        using HalvesNetwork network = new(_device, scale: 1), twin = new(_device, scale: 1), opposite = new(_device, scale: -1);
        Evaluator evaluator = Of(network, images);
        Pgd attack = new(ThreatModel.LInf(0.12), 0.05, 3);
        AttackResult whiteBox = evaluator.Run(attack), transferred = evaluator.Run(attack, source: Attacked(twin, images));
        Assert.That(transferred.Robust, Is.EqualTo(whiteBox.Robust));
        Assert.That(whiteBox.Accuracy, Is.LessThan(50));
        Assert.That(evaluator.Run(attack, source: Attacked(opposite, images)).Accuracy, Is.EqualTo(100));
        Assert.That(evaluator.Run(attack).Robust, Is.EqualTo(whiteBox.Robust), "the source is forgotten");
    }

    [TestCase(0.31f, 0)]
    [TestCase(-0.31f, 0)]
    [TestCase(float.NaN, 0)]
    [TestCase(0.2f, 248, Description = "beyond 1")]
    [TestCase(-0.2f, 249, Description = "below 0")]
    public void An_attack_that_leaves_its_ball_or_the_pixel_range_does_not_count(float shift, int image)
    {
        using HalvesNetwork network = new(_device, scale: 1);
        Evaluator evaluator = Of(network, Halves(250, low: 50, high: 230));
        (int badBatch, int badImage) = Math.DivRem(image, BatchSize);
        PlantedAttack attack = new(
            (x, batch, _) => x.Select((pixel, i) => (batch, i) == (badBatch, badImage * Side * Side) ? pixel + shift : pixel), epsilon: 0.3);
        Assert.That(() => evaluator.Run(attack), Throws.InvalidOperationException.With.Message.Contains("planted left the threat model"));
    }

    [Test]
    public void Attack_and_predictions_use_the_statistics_asked_for_and_leave_the_running_ones_as_they_are(
        [Values(BatchStatistics.Running, BatchStatistics.Batch)] BatchStatistics statistics)
    {
        ImageSet images = Colours(7);
        using WideResNet network = ToyWideResNet.Classifier(_device);
        HashSet<BatchStatistics> used = [];
        using WatchedNetwork watched = new(network, value => used.Add(value));
        double[][] before = [.. network.State.Select(parameter => parameter.Value.ToDoubles())];
        Evaluator evaluator = new(Attacked(watched, images, statistics), images);
        bool[] clean = evaluator.Clean().Robust;
        evaluator.Run(new Fgsm(ThreatModel.LInf(0.1)));
        Assert.That(used, Is.EqualTo(new[] { statistics }));
        Assert.That(network.State.Select(parameter => parameter.Value.ToDoubles()), Is.EqualTo(before));
        Assert.That(clean, Is.EqualTo(Predictions(network, images, statistics).Select((label, i) => label == images.Labels[i])));
    }

    [Test]
    public void Statistics_that_would_move_the_classifier_are_refused()
    {
        using HalvesNetwork network = new(_device, scale: 1);
        Assert.That(() => Attacked(network, Halves(2), BatchStatistics.Train), Throws.ArgumentException);
        Assert.That(() => new Pgd(ThreatModel.LInf(0.1), 0.1, 1, restarts: 0), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void A_tie_is_not_a_right_answer_and_a_score_that_is_no_number_is_none_at_all()
    {
        using HalvesNetwork tied = new(_device, scale: 0), undefined = new(_device, scale: float.NaN);
        Assert.That(Of(tied, Halves(20)).Clean().Accuracy, Is.Zero);
        Evaluator evaluator = Of(undefined, Halves(20));
        Assert.That(() => evaluator.Clean(), Throws.TypeOf<NonFiniteLogitsException>().With.Property("Count").EqualTo(20));
        Assert.That(
            () => Of(tied, Halves(20)).Run(new Fgsm(ThreatModel.LInf(0.1)), source: Attacked(undefined, Halves(20))),
            Throws.TypeOf<NonFiniteLogitsException>(), "nor is its gradient");
    }

    [Test]
    public void Networks_are_captured_once_for_each_shape_of_batch_and_not_for_each_batch_or_start()
    {
        int forwards = 0;
        using HalvesNetwork network = new(_device, scale: 1e4f);
        using WatchedNetwork watched = new(network, _ => forwards++);
        Evaluator evaluator = Of(watched, Halves(450));
        evaluator.Clean();
        Assert.That(forwards, Is.EqualTo(2), "predictions for 200 images and for the last 50");
        Pgd attack = new(ThreatModel.LInf(0.01), 0.01, 3, restarts: 3);
        evaluator.Run(attack);
        evaluator.Run(attack);
        Assert.That(forwards, Is.EqualTo(4), "the attack's steps on as many");
    }

    [Test]
    public void Every_batch_is_counted_and_told()
    {
        using HalvesNetwork network = new(_device, scale: 1);
        Evaluator evaluator = Of(network, Halves(401));
        List<int> told = [];
        AttackResult result = evaluator.Run(new Fgsm(ThreatModel.LInf(0.01)), told.Add);
        Assert.That((evaluator.Batches, result.Robust.Length), Is.EqualTo((3, 401)));
        Assert.That(told, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    private Evaluator Of(Network network, ImageSet images) => new(Attacked(network, images), images);

    private AttackedNetwork Attacked(Network network, ImageSet images, BatchStatistics statistics = BatchStatistics.Running) =>
        new(_device, network, images.Shape, images.ClassCount, statistics);

    /// <summary>Grey images of two classes: 0 has its left half brighter, 1 its right half.</summary>
    private static ImageSet Halves(int count, byte low = 115, byte high = 140)
    {
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 2))];
        byte[] pixels = [.. labels.SelectMany(label => Enumerable.Range(0, Side * Side).Select(i => i % Side / (Side / 2) == label ? high : low))];
        return new ImageSet(pixels, labels, Side, Side, 1, ["left", "right"]);
    }

    private static ImageSet Colours(int count)
    {
        byte[] pixels = new byte[count * 8 * 8 * 3];
        new Random(1).NextBytes(pixels);
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 4))];
        return new ImageSet(pixels, labels, 8, 8, 3, ["a", "b", "c", "d"]);
    }

    private int[] Predictions(Network network, ImageSet images, BatchStatistics statistics)
    {
        using Tensor x = Tensor.From(_device, new Shape(images.Count, images.Height, images.Width, images.Channels),
            [.. Enumerable.Range(0, images.Count).SelectMany(i => images.Image(i).ToArray().Select(pixel => pixel / 255f))]);
        using Tape tape = new(_device, recording: false);
        return [.. network.Forward(tape, x, statistics).ToArray().Chunk(images.ClassCount).Select(row => Array.IndexOf(row, row.Max()))];
    }

    /// <summary>logits = scale·(Σ left half, Σ right half).</summary>
    private sealed class HalvesNetwork(IDevice device, float scale) : Network
    {
        private readonly Parameter _weight = new("weight", Tensor.From(device, new Shape(Side * Side, 2),
            [.. Enumerable.Range(0, Side * Side * 2).Select(i => i / 2 % Side / (Side / 2) == i % 2 ? scale : 0 * scale)]), true);

        public override IReadOnlyList<Parameter> Parameters => [_weight];

        public override Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics) => tape.MatMul(tape.Flatten(x), _weight.Value);
    }

    /// <summary>Tells which statistics another network is asked for.</summary>
    private sealed class WatchedNetwork(Network network, Action<BatchStatistics> asked) : Network
    {
        public override IReadOnlyList<Parameter> Parameters => [];

        public override Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics)
        {
            asked(statistics);
            return network.Forward(tape, x, statistics);
        }
    }

    /// <summary>
    /// Starts where it is told, by pixels, batch and number of the batch's start, and takes no step. Batches are told apart by their size.
    /// </summary>
    private sealed class PlantedAttack(
        Func<float[], int, int, IEnumerable<float>> start, double epsilon = 1, bool startsAtRandom = true, int restarts = 1)
        : GradientAttack("planted", ThreatModel.LInf(epsilon), stepSize: 0, iterations: 0, restarts: restarts)
    {
        private int _length, _batch = -1, _start;

        public List<RandomKey> Keys { get; } = [];

        public override bool StartsAtRandom => startsAtRandom;

        protected override void Start(IDevice device, Tensor x, RandomKey key, Tensor perturbed)
        {
            (_batch, _start) = x.Length == _length ? (_batch, _start + 1) : (_batch + 1, 0);
            _length = x.Length;
            Keys.Add(key);
            device.Upload(start(x.ToArray(), _batch, _start).ToArray(), perturbed.Buffer);
        }
    }
}
