using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>What is taken for a sample's Jacobian.</summary>
public enum JacobianDefinition
{
    /// <summary>∇ₓ of the cross-entropy (paper, Eq. 6).</summary>
    Loss,

    /// <summary>∇ₓ of the true class's softmax probability (the authors' release).</summary>
    TargetProbability,
}

/// <param name="LambdaAdversarial">λ_adv of Eq. 10.</param>
/// <param name="Jacobian">What is differentiated.</param>
/// <param name="NormalizeJacobian">Per sample zero mean and unit norm, before the adaptor (the authors' release).</param>
public readonly record struct JarnOptions(double LambdaAdversarial, JacobianDefinition Jacobian = JacobianDefinition.Loss, bool NormalizeJacobian = true);

/// <summary>The three networks of Algorithm 1.</summary>
public sealed record JarnNetworks(Network Classifier, Adaptor Adaptor, Discriminator Discriminator);

/// <summary>What each player of Algorithm 1 descends, tensor by tensor in the order of its network's parameters.</summary>
/// <param name="Classifier">Of L_cls + λ_adv·L_adv.</param>
/// <param name="Adaptor">Of L_adv.</param>
/// <param name="Discriminator">Of −L_adv, for it ascends; none where it does not learn.</param>
public sealed record JarnGradients(Tensor[] Classifier, Tensor[] Adaptor, Tensor[] Discriminator) : ICapturedOutputs<JarnGradients>
{
    public JarnGradients With(Func<Tensor, Tensor> replace) =>
        new([.. Classifier.Select(replace)], [.. Adaptor.Select(replace)], [.. Discriminator.Select(replace)]);
}

/// <summary>One evaluation of JARN's objective.</summary>
/// <param name="Total">
/// L_cls + L_adv, through a <see cref="ScaleGradient"/> at the Jacobian: its gradient is that of L_cls + λ_adv·L_adv in the classifier's
/// parameters, and that of L_adv in the adaptor's and the discriminator's. One sweep serves all three.
/// </param>
/// <param name="ClassificationLoss">L_cls, the mean cross-entropy (Eq. 5).</param>
/// <param name="AdversarialLoss">L_adv (Eq. 9).</param>
/// <param name="Jacobian">J, N×H×W×C.</param>
public sealed record JarnObjective(Tensor Total, Tensor ClassificationLoss, Tensor AdversarialLoss, Tensor Jacobian)
{
    /// <summary>Steps 2 to 7 of Algorithm 1 on a batch that carries its noise, or its perturbation, already.</summary>
    /// <param name="tape">A recording tape.</param>
    /// <param name="networks">The players.</param>
    /// <param name="x">N×H×W×C pixels in [0, 1].</param>
    /// <param name="labels">N×k, one-hot.</param>
    /// <param name="options">λ_adv, and what the Jacobian is.</param>
    /// <param name="statistics">Of the networks' batch norm.</param>
    /// <param name="real">What the discriminator is shown as images, of x's shape; x unless given.</param>
    public static JarnObjective Evaluate(
        Tape tape, JarnNetworks networks, Tensor x, Tensor labels, JarnOptions options, BatchStatistics statistics = BatchStatistics.Train, Tensor? real = null)
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

    /// <summary>The tape's last sweep. The losses are kept: they can be read afterwards.</summary>
    /// <param name="tape">The tape of <see cref="Evaluate"/>.</param>
    /// <param name="networks">The players.</param>
    /// <param name="discriminatorLearns">Whether the discriminator's gradients are wanted, too.</param>
    public JarnGradients Gradients(Tape tape, JarnNetworks networks, bool discriminatorLearns = true)
    {
        tape.Keep(ClassificationLoss);
        tape.Keep(AdversarialLoss);
        Tensor[] classifier = Values(networks.Classifier), adaptor = Values(networks.Adaptor), discriminator = discriminatorLearns ? Values(networks.Discriminator) : [];
        Tensor[] gradients = tape.Gradient(Total, [.. classifier, .. adaptor, .. discriminator], differentiable: false);
        int opponent = classifier.Length + adaptor.Length;
        return new JarnGradients(
            gradients[..classifier.Length], gradients[classifier.Length..opponent], [.. gradients[opponent..].Select(gradient => tape.Scale(gradient, -1))]);
    }

    private static Tensor[] Values(Network network) => [.. network.Parameters.Select(parameter => parameter.Value)];
}
