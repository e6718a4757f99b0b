using System.Globalization;

namespace Jarn.Runner.Experiments.Training;

/// <summary>NaN or infinity was noticed after a step.</summary>
public sealed class NonFiniteTrainingException(string message, int step) : Exception(message)
{
    public int Step => step;
}

/// <summary>Ends a training whose loss is NaN or infinite.</summary>
internal sealed class FiniteLossCheck : ITrainingObserver
{
    public void AfterStep(TrainedStep step)
    {
        if (step.Losses is StepLosses losses && !double.IsFinite(losses.Classification + (losses.Adversarial ?? 0)))
        {
            double culprit = double.IsFinite(losses.Classification) ? losses.Adversarial!.Value : losses.Classification;
            throw new NonFiniteTrainingException(
                string.Create(CultureInfo.InvariantCulture, $"the loss became {culprit} at step {step.Number} or shortly before"), step.Number);
        }
    }
}
