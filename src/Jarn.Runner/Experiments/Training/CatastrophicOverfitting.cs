using System.Globalization;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments.Training;

/// <summary>
/// What training on one-step attacks may come to (Wong et al. 2020): the classifier learns that one step, and several smaller ones from within the
/// same ball find what they like. Its accuracy under FGSM then looks better than ever.
/// </summary>
/// <param name="Step">After which it was seen first.</param>
/// <param name="Epoch">The epoch of that step, counted from 1.</param>
/// <param name="Images">The number of training images that were attacked.</param>
/// <param name="FgsmAccuracy">Per cent of them.</param>
/// <param name="PgdAccuracy">Per cent of them.</param>
public sealed record CatastrophicOverfitting(int Step, int Epoch, int Images, double FgsmAccuracy, double PgdAccuracy)
{
    private const int MostImages = 100, PgdIterations = 10;

    /// <summary>Three times what guessing among ten classes gives: below it FGSM's accuracy is not yet of the kind that misleads.</summary>
    private const double LeastFgsmAccuracy = 30;

    /// <summary>PGD's accuracy falls short of FGSM's in every classifier, but in few that do not overfit by more than a third.</summary>
    private const double LeastShare = 0.5;

    /// <summary>A warning for people.</summary>
    public string InWords => string.Create(CultureInfo.InvariantCulture,
        $"CATASTROPHIC OVERFITTING since step {Step} (epoch {Epoch}): of {Images} training images, "
        + $"{FgsmAccuracy:0} % are still classified correctly under FGSM, but only {PgdAccuracy:0} % under PGD-{PgdIterations}. "
        + $"The classifier has overfitted to the one-step attack that it is trained with: its accuracy under FGSM is not a sign of robustness");

    /// <summary>Measures a classifier in training under FGSM and PGD.</summary>
    /// <param name="device">The device that holds the classifier's parameters.</param>
    /// <param name="trained">The training images; the first ones are attacked.</param>
    /// <param name="step">The number of steps taken.</param>
    /// <param name="epoch">The epoch, counted from 1.</param>
    /// <returns>Null if the classifier has not overfitted catastrophically.</returns>
    public static CatastrophicOverfitting? Look(
        IDevice device, Network classifier, ImageSet trained, TrainingConfiguration configuration, int step, int epoch)
    {
        ImageSet images = trained.Limit(MostImages);
        ThreatModel threat = configuration.Recipe.ThreatModel;
        Evaluator evaluator = new(new AttackedNetwork(device, classifier, images.Shape, images.ClassCount), images);
        double fgsm = evaluator.Run(new Fgsm(threat)).Accuracy;
        if (fgsm < LeastFgsmAccuracy)
        {
            return null;
        }
        double stepSize = AttackStep.For(images.Channels, threat.Epsilon, PgdIterations);
        double pgd = evaluator.Run(new Pgd(threat, stepSize, PgdIterations, seed: configuration.Seed)).Accuracy;
        return pgd < LeastShare * fgsm ? new CatastrophicOverfitting(step, epoch, images.Count, fgsm, pgd) : null;
    }
}
