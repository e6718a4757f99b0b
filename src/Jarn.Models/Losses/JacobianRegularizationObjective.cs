using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>
/// Jacobian regularization (Hoffman et al. 2019): the cross-entropy plus an estimate of the squared Frobenius norm of the logits' Jacobian with
/// respect to the pixels. For v uniform on the sphere in k dimensions, E k·‖vᵀJ‖² = ‖J‖²_F. One v is drawn for each sample.
/// </summary>
/// <param name="Total">L_cls + λ/2 · mean_b k·‖∇ₓ⟨v_b, z_b⟩‖².</param>
/// <param name="ClassificationLoss">L_cls, the mean cross-entropy.</param>
public sealed record JacobianRegularizationObjective(Tensor Total, Tensor ClassificationLoss)
{
    /// <param name="classifier">The classifier to train; z are its logits.</param>
    /// <param name="x">N×H×W×C pixels in [0, 1].</param>
    /// <param name="labels">N×k, one-hot.</param>
    /// <param name="directions">N×k, each row drawn from N(0, I). Each is normalised to give v.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="statistics">The statistics that the classifier's batch norm uses.</param>
    public static JacobianRegularizationObjective Evaluate(
        Tape tape, Network classifier, Tensor x, Tensor labels, Tensor directions, double lambda, BatchStatistics statistics = BatchStatistics.Train)
    {
        (int samples, int classes) = (labels.Shape[0], labels.Shape[1]);
        Tensor logits = classifier.Forward(tape, x, statistics);
        Tensor lengths = tape.SquareRoot(tape.SumSamples(tape.Square(directions)));
        Tensor units = tape.Multiply(directions, tape.Reciprocal(lengths), AxisGeometry.Trailing(directions.Shape, 1));
        Tensor projection = tape.Gradient(tape.Sum(tape.Multiply(logits, units)), [x], differentiable: true)[0];
        Tensor penalty = tape.Scale(tape.Sum(tape.Square(projection)), lambda * classes / (2.0 * samples));
        Tensor classificationLoss = tape.Mean(tape.CrossEntropy(logits, labels));
        return new JacobianRegularizationObjective(tape.Add(classificationLoss, penalty), classificationLoss);
    }
}
