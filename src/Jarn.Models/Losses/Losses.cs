using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>The losses that training methods and attacks use.</summary>
public static class Losses
{
    /// <summary>
    /// mean log D(real) + mean log(1 − D(fake)) (paper, Eq. 9) from logits: log σ(d) = −softplus(−d) and log(1 − σ(d)) = −softplus(d).
    /// </summary>
    public static Tensor AdversarialLoss(this Tape tape, Tensor realLogits, Tensor fakeLogits) => tape.Scale(
        tape.Add(tape.Mean(tape.Softplus(tape.Scale(realLogits, -1))), tape.Mean(tape.Softplus(fakeLogits))), -1);

    /// <summary>
    /// KL(p‖q) = Σ p·log(p/q) for each sample, with p = softmax(z) and q = softmax(z′), differentiable with respect to both. If ℓ is the
    /// cross-entropy with labels y that sum to 1, then log Σ e^z = ℓ(z) + ⟨y, z⟩. So KL(p‖q) = ⟨p − y, z − z′⟩ + ℓ(z′) − ℓ(z), for any labels.
    /// </summary>
    /// <param name="logits">z, N×k.</param>
    /// <param name="others">z′, N×k.</param>
    /// <param name="labels">y, N×k, one-hot.</param>
    public static Tensor KullbackLeibler(this Tape tape, Tensor logits, Tensor others, Tensor labels)
    {
        Tensor expected = tape.SumSamples(tape.Multiply(tape.Subtract(tape.Softmax(logits), labels), tape.Subtract(logits, others)));
        return tape.Add(expected, tape.Subtract(tape.CrossEntropy(others, labels), tape.CrossEntropy(logits, labels)));
    }
}
