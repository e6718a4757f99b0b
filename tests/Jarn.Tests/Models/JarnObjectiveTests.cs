using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Models;

/// <summary>The whole step of Algorithm 1 at toy size, in double precision.</summary>
public sealed class JarnObjectiveTests
{
    private const int Samples = 3, Extent = 8, Classes = 4;

    private ReferenceDevice _device = null!;

    [SetUp]
    public void OpenDevice() => _device = new ReferenceDevice();

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    [Test]
    public void Classifier_gradients_of_order_one_and_two_match_differences([Values(false, true)] bool normalized)
    {
        using MnistCnn classifier = new(new Initializer(_device, 1, 0), Classes, new InputTransform(1, normalized), [2, 3, 4]);
        Check(classifier.Parameters, tape => tape.CrossEntropy(classifier.Forward(tape, Images(_device), BatchStatistics.Train), Labels(_device)));
    }

    [Test]
    public void Discriminator_gradients_of_order_one_and_two_match_differences([Values] BatchStatistics statistics)
    {
        using Discriminator discriminator = new(new Initializer(_device, 1, 1), new ImageShape(Extent, Extent, 1), [2, 3]);
        Check(discriminator.Parameters, tape => discriminator.Forward(tape, Images(_device), statistics));
    }

    [Test]
    public void Adaptor_gradients_of_order_one_and_two_match_differences()
    {
        using Adaptor adaptor = new(new Initializer(_device, 1, 2), 1);
        Check(adaptor.Parameters, tape => adaptor.Forward(tape, Images(_device), BatchStatistics.Train));
    }

    [Test]
    public void Gradients_of_the_whole_step_of_order_one_and_two_match_differences(
        [Values] JacobianDefinition jacobian, [Values] bool normalizeJacobian) =>
        CheckStep(Toy.Mnist, new JarnOptions(1, jacobian, normalizeJacobian), orders: 2);

    /// <summary>Of order one, which holds the classifier's second derivatives; it would take a minute to have its third ones too.</summary>
    [Test]
    public void Gradients_of_the_whole_step_of_a_Wide_ResNet_match_differences() => CheckStep(Toy.WideResNet, new JarnOptions(1), orders: 1);

    [Test]
    public void Gradients_of_a_step_on_other_images_than_the_discriminator_is_shown_match_differences() =>
        CheckStep(Toy.Mnist, new JarnOptions(1), orders: 2, perturbed: true);

    [Test]
    public void The_discriminator_is_shown_the_real_images_and_the_classifier_the_others()
    {
        JarnNetworks networks = ToyNetworks(_device);
        using Tensor x = Images(_device), y = Labels(_device), real = Squared(x);
        (double Classification, double Adversarial, double[] Jacobian) Evaluate(Tensor trained, Tensor? shown)
        {
            using Tape tape = new(_device);
            JarnObjective objective = JarnObjective.Evaluate(tape, networks, trained, y, new JarnOptions(1), real: shown);
            return (objective.ClassificationLoss.ToScalar(), objective.AdversarialLoss.ToScalar(), objective.Jacobian.ToDoubles());
        }
        (double Classification, double Adversarial, double[] Jacobian) alone = Evaluate(x, null), beside = Evaluate(x, real);
        Assert.That((beside.Classification, beside.Jacobian), Is.EqualTo((alone.Classification, alone.Jacobian)));
        Assert.That(beside.Adversarial, Is.Not.EqualTo(alone.Adversarial).Within(1e-6));
        Assert.That(Evaluate(x, x).Adversarial, Is.EqualTo(alone.Adversarial));
    }

    [Test]
    public void Lambda_weighs_the_adversarial_loss_for_the_classifier_alone()
    {
        JarnNetworks networks = ToyNetworks(_device);
        using Tensor x = Images(_device), y = Labels(_device);
        Tensor[] leaves = [.. AllParameters(networks).Select(parameter => parameter.Value)];
        double[][] Gradients(Func<JarnObjective, Tensor> loss, double lambda)
        {
            using Tape tape = new(_device);
            JarnObjective objective = JarnObjective.Evaluate(tape, networks, x, y, new JarnOptions(lambda));
            return [.. tape.Gradient(loss(objective), leaves, differentiable: false).Select(gradient => gradient.ToDoubles())];
        }
        double[][] classification = Gradients(objective => objective.ClassificationLoss, 1);
        double[][] adversarial = Gradients(objective => objective.AdversarialLoss, 1);
        double[][] total = Gradients(objective => objective.Total, 5);
        int classifier = networks.Classifier.Parameters.Count;

        for (int i = 0; i < leaves.Length; i++)
        {
            double lambda = i < classifier ? 5 : 1;
            Assert.That(total[i], Is.EqualTo(classification[i].Zip(adversarial[i], (c, a) => c + (lambda * a))).Within(1e-12));
        }
        Assert.That(adversarial[0].Any(value => value != 0), "the adversarial loss reaches the classifier through its Jacobian");
    }

    [Test]
    public void The_Jacobian_is_that_of_each_samples_own_loss()
    {
        JarnNetworks networks = ToyNetworks(_device);
        using Tensor x = Images(_device), y = Labels(_device);
        using Tape tape = new(_device);
        double[] jacobian = JarnObjective.Evaluate(tape, networks, x, y, new JarnOptions(1)).Jacobian.ToDoubles();

        using Tensor first = Tensor.From(_device, new Shape(1, Extent, Extent, 1), x.ToDoubles().AsSpan(0, Extent * Extent));
        using Tensor label = Tensor.From(_device, new Shape(1, Classes), y.ToDoubles().AsSpan(0, Classes));
        Tensor loss = tape.Sum(tape.CrossEntropy(networks.Classifier.Forward(tape, first, BatchStatistics.Train), label));
        Assert.That(jacobian[..(Extent * Extent)], Is.EqualTo(tape.Gradient(loss, [first], differentiable: false)[0].ToDoubles()).Within(1e-14));
    }

    [Test]
    public void A_step_gives_back_all_its_memory()
    {
        JarnNetworks networks = ToyNetworks(_device);
        using Tensor x = Images(_device), y = Labels(_device);
        int before = _device.Memory.LentBuffers;
        for (int step = 0; step < 3; step++)
        {
            using (Tape tape = new(_device))
            {
                JarnObjective objective = JarnObjective.Evaluate(tape, networks, x, y, new JarnOptions(1));
                tape.Gradient(objective.Total, [.. AllParameters(networks).Select(parameter => parameter.Value)], differentiable: false);
            }
            Assert.That(_device.Memory.LentBuffers, Is.EqualTo(before));
        }
    }

    public static JarnNetworks ToyNetworks(IDevice device) => new(
        new MnistCnn(new Initializer(device, 1, 0), Classes, InputTransform.None, [2, 3, 4]),
        new Adaptor(new Initializer(device, 1, 2), 1),
        new Discriminator(new Initializer(device, 1, 1), new ImageShape(Extent, Extent, 1), [2, 3]));

    public static IEnumerable<Parameter> AllParameters(JarnNetworks networks) =>
        networks.Classifier.Parameters.Concat(networks.Adaptor.Parameters).Concat(networks.Discriminator.Parameters);

    public static Tensor Images(IDevice device)
    {
        Random random = new(5);
        return Tensor.From(
            device, new Shape(Samples, Extent, Extent, 1), [.. Enumerable.Range(0, Samples * Extent * Extent).Select(_ => random.NextSingle())]);
    }

    public static Tensor Labels(IDevice device) => Tensor.From(
        device, new Shape(Samples, Classes), [.. Enumerable.Range(0, Samples * Classes).Select(i => i % Classes == i / Classes ? 1f : 0f)]);

    private Tensor Squared(Tensor images)
    {
        Tensor squares = new(_device, images.Shape);
        _device.Map(new Square(), images.Buffer, squares.Buffer);
        return squares;
    }

    private void CheckStep(Toy toy, JarnOptions options, int orders, bool perturbed = false)
    {
        JarnNetworks networks = toy.Networks(_device);
        using Tensor real = toy.Images(_device), y = toy.Labels(_device);
        using Tensor x = perturbed ? Squared(real) : toy.Images(_device);
        Check(AllParameters(networks),
            tape => tape.Reshape(JarnObjective.Evaluate(tape, networks, x, y, options, real: perturbed ? real : null).Total, Shape.Scalar), orders);
    }

    private void Check(IEnumerable<Parameter> parameters, Func<Tape, Tensor> function, int orders = 2)
    {
        GradientCheckResult result = GradientCheck.Run(_device, function, [.. parameters.Select(parameter => parameter.Value)], orders);
        Assert.That(result.RelativeError, Is.LessThanOrEqualTo(1e-6), result.ToString());
    }
}
