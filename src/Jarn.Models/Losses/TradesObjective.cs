using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>
/// TRADES (Zhang et al. 2019): the cross-entropy of the images plus the divergence between the predictions for the images and for their perturbed
/// versions.
/// </summary>
/// <param name="Total">L_cls + β · mean_b KL(f(x_b) ‖ f(x′_b)), differentiable through both predictions.</param>
/// <param name="ClassificationLoss">L_cls, the mean cross-entropy of x.</param>
public sealed record TradesObjective(Tensor Total, Tensor ClassificationLoss)
{
    /// <param name="x">N×H×W×C pixels in [0, 1].</param>
    /// <param name="perturbed">x′, of the same shape.</param>
    /// <param name="labels">N×k, one-hot.</param>
    /// <param name="beta">β.</param>
    /// <param name="statistics">The statistics that the classifier's batch norm uses. x and x′ are separate batches.</param>
    public static TradesObjective Evaluate(
        Tape tape, Network classifier, Tensor x, Tensor perturbed, Tensor labels, double beta, BatchStatistics statistics = BatchStatistics.Train)
    {
        Tensor logits = classifier.Forward(tape, x, statistics);
        Tensor divergence = tape.KullbackLeibler(logits, classifier.Forward(tape, perturbed, statistics), labels);
        Tensor classificationLoss = tape.Mean(tape.CrossEntropy(logits, labels));
        return new TradesObjective(tape.Add(classificationLoss, tape.Scale(tape.Mean(divergence), beta)), classificationLoss);
    }
}
