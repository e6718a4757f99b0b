using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>
/// Double backpropagation (Drucker and LeCun 1991): the cross-entropy plus the squared norm of its gradient with respect to the pixels.
/// </summary>
/// <param name="Total">L_cls + λ_grad · mean_b ‖∇ₓ CE_b‖².</param>
/// <param name="ClassificationLoss">L_cls, the mean cross-entropy.</param>
public sealed record DoubleBackpropObjective(Tensor Total, Tensor ClassificationLoss)
{
    /// <param name="x">N×H×W×C pixels in [0, 1].</param>
    /// <param name="labels">N×k, one-hot.</param>
    /// <param name="lambda">λ_grad.</param>
    /// <param name="statistics">The statistics that the classifier's batch norm uses.</param>
    public static DoubleBackpropObjective Evaluate(
        Tape tape, Network classifier, Tensor x, Tensor labels, double lambda, BatchStatistics statistics = BatchStatistics.Train)
    {
        int samples = x.Shape[0];
        Tensor crossEntropy = tape.Sum(tape.CrossEntropy(classifier.Forward(tape, x, statistics), labels));
        Tensor gradient = tape.Gradient(crossEntropy, [x], differentiable: true)[0];
        Tensor classificationLoss = tape.Scale(crossEntropy, 1.0 / samples);
        Tensor penalty = tape.Scale(tape.Sum(tape.Square(gradient)), lambda / samples);
        return new DoubleBackpropObjective(tape.Add(classificationLoss, penalty), classificationLoss);
    }
}
