using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Training;

/// <summary>Cross-entropy on x + ε·sign ∇ₓCE, clipped to [0, 1]: FGSM-AT1 (Goodfellow et al. 2015).</summary>
public sealed class FgsmTraining(TrainingConfiguration configuration, IDevice device, Network classifier)
    : AdversarialTraining(configuration, device, classifier, size => new Fgsm(configuration.Recipe.ThreatModel.Scaled(size)));
