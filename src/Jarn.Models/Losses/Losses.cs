using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>Losses that networks learn from.</summary>
public static class Losses
{
    /// <summary>
    /// mean log D(real) + mean log(1 − D(fake)) (paper, Eq. 9) from logits: log σ(d) = −softplus(−d) and log(1 − σ(d)) = −softplus(d).
    /// </summary>
    public static Tensor AdversarialLoss(this Tape tape, Tensor realLogits, Tensor fakeLogits) => tape.Scale(
        tape.Add(tape.Mean(tape.Softplus(tape.Scale(realLogits, -1))), tape.Mean(tape.Softplus(fakeLogits))), -1);
}
