using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Library;

/// <summary>The program of docs/library.md: the page shows the usings and the body of the method.</summary>
public static class LibraryExample
{
    public static void Run(string[] args)
    {
        // Sixty images of ten classes: a bright bar in noise. Its position is the class.
        Random noise = new(1);
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 10)];
        float Pixel(int place, int label) => (place / 28 / 3 == label ? 0.6f : 0) + (0.4f * noise.NextSingle());
        float[] pixels = [.. labels.SelectMany(label => Enumerable.Range(0, 28 * 28).Select(place => Pixel(place, label)))];

        using IDevice device = Devices.OpenBest().Device;
        using Tensor x = Tensor.From(device, new Shape(60, 28, 28, 1), pixels), y = Tensor.OneHot(device, labels, 10);
        using Network classifier = ClassifierDescription.Mnist.Build(new Initializer(device, seed: 1, network: 0));
        using Adaptor adaptor = new(new Initializer(device, seed: 1, network: 1), channels: 1);
        using Discriminator discriminator = new(new Initializer(device, seed: 1, network: 2), new ImageShape(28, 28, 1), widths: [8, 16]);
        using Adam learns = new(device, classifier.Parameters), adapts = new(device, adaptor.Parameters);
        using Adam judges = new(device, discriminator.Parameters);
        JarnNetworks networks = new(classifier, adaptor, discriminator);
        for (int step = 0; step < 60; step++)
        {
            using Tape tape = new(device);
            JarnObjective objective = JarnObjective.Evaluate(tape, networks, x, y, new JarnOptions(LambdaAdversarial: 0.02));
            JarnGradients gradients = objective.Gradients(tape, networks);
            learns.Step(gradients.Classifier, learningRate: 1e-3);
            adapts.Step(gradients.Adaptor, learningRate: 1e-3);
            judges.Step(gradients.Discriminator, learningRate: 1e-5);
        }

        GradientAttack attack = new Pgd(ThreatModel.LInf(0.1), stepSize: 0.02, iterations: 10);
        using Tensor attacked = new(device, x.Shape);
        attack.Run(classifier, x, y, new RandomKey(Seed: 1, Stream: 0), attacked);
        int Right(Tensor images) => classifier.Classify(images).Zip(labels).Count(pair => pair.First == pair.Second);
        Console.WriteLine($"{Right(x)} of 60 images are classified correctly, {Right(attacked)} of 60 under {attack.Name}.");

        using FileStream file = File.Create(args[0]);
        SavedModel.Write(file, classifier, new ModelOrigin(ClassifierDescription.Mnist, "bars", "jarn", attack.Threat.Epsilon));
    }
}
