using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>What JARN uses as a sample's input Jacobian.</summary>
public enum JacobianDefinition
{
    /// <summary>∇ₓ of the cross-entropy (paper, Eq. 6).</summary>
    Loss,

    /// <summary>∇ₓ of the true class's softmax probability (the authors' release).</summary>
    TargetProbability,
}

/// <param name="LambdaAdversarial">λ_adv of Eq. 10.</param>
/// <param name="Jacobian">Which gradient is the Jacobian.</param>
/// <param name="NormalizeJacobian">
/// Whether each sample's Jacobian gets zero mean and unit norm before the adaptor (as in the authors' release).
/// </param>
public readonly record struct JarnOptions(
    double LambdaAdversarial, JacobianDefinition Jacobian = JacobianDefinition.Loss, bool NormalizeJacobian = true);

/// <summary>The three networks of Algorithm 1.</summary>
public sealed record JarnNetworks(Network Classifier, Adaptor Adaptor, Discriminator Discriminator);

/// <summary>The gradients for the three networks of Algorithm 1, each in the order of its network's parameters.</summary>
/// <param name="Classifier">The gradient of L_cls + λ_adv·L_adv.</param>
/// <param name="Adaptor">The gradient of L_adv.</param>
/// <param name="Discriminator">The gradient of −L_adv, because the discriminator maximises L_adv. Empty if it does not learn.</param>
public sealed record JarnGradients(Tensor[] Classifier, Tensor[] Adaptor, Tensor[] Discriminator) : ICapturedOutputs<JarnGradients>
{
    public JarnGradients With(Func<Tensor, Tensor> replace) =>
        new([.. Classifier.Select(replace)], [.. Adaptor.Select(replace)], [.. Discriminator.Select(replace)]);
}

/// <summary>One evaluation of JARN's objective.</summary>
/// <param name="Total">
/// L_cls + L_adv, with a <see cref="ScaleGradient"/> at the Jacobian. With respect to the classifier's parameters, its gradient is that of
/// L_cls + λ_adv·L_adv; with respect to the adaptor's and the discriminator's, it is that of L_adv. So one sweep computes all three.
/// </param>
/// <param name="ClassificationLoss">L_cls, the mean cross-entropy (Eq. 5).</param>
/// <param name="AdversarialLoss">L_adv (Eq. 9).</param>
/// <param name="Jacobian">J, N×H×W×C.</param>
public sealed record JarnObjective(Tensor Total, Tensor ClassificationLoss, Tensor AdversarialLoss, Tensor Jacobian)
{
    /// <summary>Computes steps 2 to 7 of Algorithm 1 on a batch to which the noise or the perturbation was already added.</summary>
    /// <param name="x">N×H×W×C pixels in [0, 1].</param>
    /// <param name="labels">N×k, one-hot.</param>
    /// <param name="options">λ_adv and the definition of the Jacobian.</param>
    /// <param name="statistics">The statistics that the networks' batch norm uses.</param>
    /// <param name="real">The discriminator's real images, of x's shape; null for x.</param>
    public static JarnObjective Evaluate(
        Tape tape, JarnNetworks networks, Tensor x, Tensor labels, JarnOptions options, BatchStatistics statistics = BatchStatistics.Train,
        Tensor? real = null)
    {
        int samples = x.Shape[0];
        Tensor logits = networks.Classifier.Forward(tape, x, statistics);
        Tensor crossEntropy = tape.Sum(tape.CrossEntropy(logits, labels));
        Tensor differentiated = options.Jacobian == JacobianDefinition.Loss ? crossEntropy : tape.Sum(tape.Multiply(tape.Softmax(logits), labels));
        Tensor jacobian = tape.Gradient(differentiated, [x], differentiable: true)[0];

        Tensor weighed = tape.ScaleGradient(jacobian, options.LambdaAdversarial);
        Tensor adapted = networks.Adaptor.Forward(tape, options.NormalizeJacobian ? tape.CenterAndNormalize(weighed) : weighed, statistics);
        Tensor both = tape.Concatenate(0, adapted, tape.CenterAndNormalize(real ?? x));
        Tensor verdicts = networks.Discriminator.Forward(tape, both, statistics);
        Tensor adversarialLoss = tape.AdversarialLoss(tape.Slice(verdicts, 0, samples, samples), tape.Slice(verdicts, 0, 0, samples));

        Tensor classificationLoss = tape.Scale(crossEntropy, 1.0 / samples);
        return new JarnObjective(tape.Add(classificationLoss, adversarialLoss), classificationLoss, adversarialLoss, jacobian);
    }

    /// <summary>Computes the gradients in the tape's last sweep. The losses can still be read afterwards.</summary>
    /// <param name="tape">The tape of <see cref="Evaluate"/>.</param>
    /// <param name="discriminatorLearns">Whether to compute the discriminator's gradients too.</param>
    public JarnGradients Gradients(Tape tape, JarnNetworks networks, bool discriminatorLearns = true)
    {
        tape.Keep(ClassificationLoss);
        tape.Keep(AdversarialLoss);
        Tensor[] classifier = Values(networks.Classifier), adaptor = Values(networks.Adaptor);
        Tensor[] discriminator = discriminatorLearns ? Values(networks.Discriminator) : [];
        Tensor[] gradients = tape.Gradient(Total, [.. classifier, .. adaptor, .. discriminator], differentiable: false);
        int opponent = classifier.Length + adaptor.Length;
        return new JarnGradients(
            gradients[..classifier.Length], gradients[classifier.Length..opponent],
            [.. gradients[opponent..].Select(gradient => tape.Scale(gradient, -1))]);
    }

    private static Tensor[] Values(Network network) => [.. network.Parameters.Select(parameter => parameter.Value)];
}
