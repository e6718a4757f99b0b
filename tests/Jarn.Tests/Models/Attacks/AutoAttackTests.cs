using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Evaluation;
using Jarn.Tests.Data;

namespace Jarn.Tests.Models;

public sealed class AutoAttackTests
{
    private const int Pixels = 30, Classes = 6, Count = 60;

    private const double Epsilon = 0.05;

    private static readonly AutoAttackSubject Subject = new("0123", "lines", Count, Epsilon, Seed: 0);

    [Test]
    public void Each_attack_is_run_on_what_those_before_have_left_and_every_image_has_its_place_in_the_record()
    {
        LinearClassifier classifier = Linear();
        AttackedImages images = Mislabelled(classifier.Images(1, Count, 0, 1), 3);
        AutoAttackResult result = Execute(classifier, AutoAttack.Standard(ThreatModel.LInf(Epsilon), seed: 0), images);
        Assert.That(result.Record.Attacks, Is.EqualTo(new[] { "apgd-ce", "apgd-t", "fab-t", "square" }));
        Assert.That(Enumerable.Range(0, Count).Where(i => result.Record.FallenTo[i] == AutoAttackRecord.Clean), Is.EqualTo(new[] { 3 }));
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<float> x = images.Row(i);
            Assert.That(result.Record.FallenTo[i] is null, Is.EqualTo(i != 3 && classifier.Withstands(x, images.Labels[i], Epsilon)), $"image {i}");
            Assert.That(result.Adversarial.AsSpan(i * Pixels, Pixels).SequenceEqual(x), Is.EqualTo(!result.Record.Adversarial.Contains(i)));
        }
        Assert.That(result.Figures.Select(figure => figure.Attack), Is.EqualTo(["clean", .. result.Record.Attacks]));
        Assert.That(result.Figures[0].Result.Accuracy, Is.EqualTo(100.0 * (Count - 1) / Count));
        Assert.That(result.Figures.Select(figure => figure.Result.Accuracy), Is.Ordered.Descending);
        Assert.That(result.Figures[^1].Result.Robust, Is.EqualTo(result.Record.FallenTo.Select(name => name is null)));
        PassCount all = result.Record.Passes.Aggregate((sum, passes) => sum + passes);
        Assert.That(all + new PassCount(Count, 0), Is.EqualTo(classifier.Passes), "all passes but the first one of all images");
    }

    [Test]
    public void The_work_left_falls_to_nothing_and_never_rises()
    {
        LinearClassifier classifier = Linear();
        AttackedImages images = classifier.Images(1, Count, 0, 1);
        AutoAttack autoAttack = new(Attacks(), batchSize: 7);
        AutoAttackRecord record = autoAttack.Begin(classifier, images);
        List<long> work = [autoAttack.MostWorkLeft(record, Classes)];
        while (!record.IsComplete)
        {
            record = autoAttack.Step(classifier, images, record, new float[images.Pixels.Length]);
            work.Add(autoAttack.MostWorkLeft(record, Classes));
        }
        Assert.That(work, Is.Ordered.Descending);
        Assert.That((work[0], work[^1]), Is.EqualTo((Count * ((3 * 11) + (3 * 55) + 1), 0L)));
    }

    [Test]
    public void Versions_hold_the_attacks_of_the_original_in_its_order()
    {
        Assert.That(AutoAttack.Plus(ThreatModel.LInf(0.1), 0).Select(attack => attack.Name),
            Is.EqualTo(new[] { "apgd-ce", "apgd-dlr", "fab", "square", "apgd-t", "fab-t" }));
        Assert.That(AutoAttack.Standard(ThreatModel.LInf(0.1), 0).Take(2).Select(attack => attack.MostPasses(10)),
            Is.EqualTo(new PassCount[] { new(101, 101), new(910, 909) }));
        Assert.That(AutoAttack.Plus(ThreatModel.LInf(0.1), 0).Take(2).Select(attack => attack.MostPasses(10)),
            Is.EqualTo(new PassCount[] { new(505, 505), new(505, 505) }));
    }

    [Test]
    public void Without_survivors_no_attack_is_asked()
    {
        LinearClassifier classifier = Linear();
        AttackedImages images = Mislabelled(classifier.Images(1, 3, 0, 1), 0, 1, 2);
        Assert.That(Execute(classifier, [new PlantedAttack((_, _) => throw new AssertionException("was asked"))], images).Record.IsComplete);
    }

    [Test]
    public void A_run_that_is_stopped_after_any_step_goes_on_to_the_same_end()
    {
        using TemporaryFolder folder = new();
        LinearClassifier classifier = Linear();
        AttackedImages images = classifier.Images(1, Count, 0, 1);
        AutoAttackResult whole = Execute(classifier, Attacks(), images);
        AutoAttackFile file = new(folder["autoattack.safetensors"], Subject);
        int breaks = 0;
        AutoAttackResult? resumed = null;
        while (resumed is null)
        {
            try
            {
                resumed = AutoAttackRun.Execute(classifier, Attacks(), images, file, stepDone: () => throw new OperationCanceledException());
            }
            catch (OperationCanceledException)
            {
                breaks++;
            }
        }
        Assert.That(breaks, Is.EqualTo(2));
        Assert.That(resumed.Record.FallenTo, Is.EqualTo(whole.Record.FallenTo));
        Assert.That((resumed.Record.Passes, resumed.Record.Attack), Is.EqualTo((whole.Record.Passes, whole.Record.Attack)).UsingPropertiesComparer());
        Assert.That(resumed.Adversarial, Is.EqualTo(whole.Adversarial));
    }

    [Test]
    public void A_file_of_something_else_is_refused()
    {
        using TemporaryFolder folder = new();
        string path = folder["autoattack.safetensors"];
        LinearClassifier classifier = Linear();
        AttackedImages images = classifier.Images(1, Count, 0, 1);
        AutoAttackFile file = new(path, Subject);
        Assert.That(file.Read([], images, []), Is.Null);
        AutoAttackRun.Execute(classifier, Attacks(), images, file);
        float[] adversarial = new float[images.Pixels.Length];
        Assert.That(
            () => new AutoAttackFile(path, Subject with { Epsilon = 0.1 }).Read(["apgd-ce", "apgd-t"], images, adversarial),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("of another classifier, other images, another ε or another seed"));
        Assert.That(
            () => file.Read(["apgd-ce"], images, adversarial),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("is of apgd-ce, apgd-t, and apgd-ce are to be run: delete it to begin anew"));
        Assert.That(() => file.Read(["apgd-ce", "apgd-t"], classifier.Images(1, 5, 0, 1), adversarial),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("is damaged"));
        File.WriteAllText(path, "no tensors");
        Assert.That(() => file.Read(["apgd-ce", "apgd-t"], images, adversarial), Throws.TypeOf<UserErrorException>());
    }

    [TestCase(1.001f, 0f, "planted left the threat model", TestName = "Beyond the ball")]
    [TestCase(0f, 1.5f, "planted left the threat model", TestName = "Beyond white")]
    [TestCase(0f, float.NaN, "planted left the threat model", TestName = "No number")]
    [TestCase(0f, 0f, "planted claims to have changed the class of image 0, and asked about again the classifier still tells class",
        TestName = "Not adversarial")]
    public void An_image_that_is_not_what_the_attack_says_ends_the_run_with_the_attacks_name(float shift, float pixel, string message)
    {
        LinearClassifier classifier = Linear();
        AttackedImages images = classifier.Images(1, 4, 0, 1);
        images.Pixels[0] = 0.5f;
        PlantedAttack attack = new((adversarial, found) =>
        {
            found[0] = true;
            adversarial[0] = pixel == 0 ? adversarial[0] + (shift * (float)Epsilon) : pixel;
        });
        Assert.That(() => Execute(classifier, [attack], images), Throws.InvalidOperationException.With.Message.StartsWith(message));
    }

    [Test]
    public void A_classifier_whose_answer_depends_on_the_images_beside_is_caught()
    {
        CompanyClassifier classifier = new();
        Assert.That(
            () => Execute(classifier, [new ApgdAttack(ApgdLoss.CrossEntropy, ThreatModel.LInf(Epsilon), seed: 0)], classifier.Images(1, Count, 0, 1)),
            Throws.InvalidOperationException.With.Message.Contains("what it answers depends on more than the image"));
    }

    [Test]
    public void A_subset_has_as_many_images_of_each_class_the_first_of_the_file_and_says_where_they_were()
    {
        byte[] labels = [2, 0, 0, 1, 0, 2, 1, 0, 0, 0];
        ImageSet images = new(Enumerable.Range(0, 10).Select(i => (byte)i).ToArray(), labels, 1, 1, 1, ["a", "b", "c"]);
        AttackedImages Subset(int count) => BalancedSubset.Of(images, count);
        Assert.That(Subset(6).Indices, Is.EqualTo(new uint[] { 0, 1, 2, 3, 5, 6 }));
        Assert.That(Subset(4).Indices, Is.EqualTo(new uint[] { 0, 1, 2, 3 }), "class 0 has one more");
        Assert.That(Subset(8).Indices, Is.EqualTo(new uint[] { 0, 1, 2, 3, 4, 5, 6, 7 }), "classes 1 and 2 have no more");
        Assert.That(Subset(10).Indices, Is.EqualTo(Enumerable.Range(0, 10).Select(i => (uint)i)));
        Assert.That(Subset(4).Labels, Is.EqualTo(new[] { 2, 0, 0, 1 }));
        Assert.That(Subset(4).Pixels, Is.EqualTo(new[] { 0, 1 / 255f, 2 / 255f, 3 / 255f }));
    }

    private static LinearClassifier Linear() => LinearClassifier.Random(1, 1, Pixels, 1, Classes);

    private static Attack[] Attacks() =>
    [
        new ApgdAttack(ApgdLoss.CrossEntropy, ThreatModel.LInf(Epsilon), 0, iterations: 10),
        new ApgdAttack(ApgdLoss.TargetedDifferenceRatio, ThreatModel.LInf(Epsilon), 0, iterations: 10),
    ];

    private static AutoAttackResult Execute(IClassifier classifier, IReadOnlyList<Attack> attacks, AttackedImages images) =>
        AutoAttackRun.Execute(classifier, attacks, images);

    private static AttackedImages Mislabelled(AttackedImages images, params int[] places)
    {
        foreach (int place in places)
        {
            images.Labels[place] = (images.Labels[place] + 1) % Classes;
        }
        return images;
    }

    private sealed class PlantedAttack(Action<float[], bool[]> change) : Attack(ThreatModel.LInf(AutoAttackTests.Epsilon))
    {
        public override string Name => "planted";

        public override PassCount MostPasses(int classes) => default;

        protected override AttackOutcome Search(IClassifier classifier, AttackedImages images)
        {
            AttackOutcome outcome = new([.. images.Pixels], new bool[images.Count]);
            change(outcome.Perturbed, outcome.Found);
            return outcome;
        }
    }

    /// <summary>As a network does whose batch norm is left in training: every logit depends on the mean of the images of the pass.</summary>
    private sealed class CompanyClassifier : IClassifier
    {
        private readonly LinearClassifier _linear = Linear();

        public int Height => _linear.Height;

        public int Width => _linear.Width;

        public int Channels => _linear.Channels;

        public int Classes => _linear.Classes;

        public PassCount Passes => _linear.Passes;

        public AttackedImages Images(int seed, int count, float low, float high)
        {
            AttackedImages images = _linear.Images(seed, count, low, high);
            float[] logits = new float[count * Classes];
            Logits(images.Pixels, logits);
            return images with { Labels = [.. logits.Chunk(Classes).Select(row => Array.IndexOf(row, row.Max()))] };
        }

        public void Logits(ReadOnlySpan<float> images, Span<float> logits) => _linear.Logits(Centred(images), logits);

        public void Gradients(ReadOnlySpan<float> images, LogitLoss loss, Span<float> logits, Span<double> losses, Span<float> gradients) =>
            _linear.Gradients(Centred(images), loss, logits, losses, gradients);

        private float[] Centred(ReadOnlySpan<float> images)
        {
            float[] centred = images.ToArray();
            for (int pixel = 0; pixel < Width; pixel++)
            {
                float mean = Enumerable.Range(0, centred.Length / Width).Average(row => centred[(row * Width) + pixel]);
                for (int row = 0; row < centred.Length / Width; row++)
                {
                    centred[(row * Width) + pixel] -= mean;
                }
            }
            return centred;
        }
    }
}
