using System.Globalization;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Shows epoch, losses and speed beside a bar.</summary>
internal sealed class ProgressDisplay(ProgressUpdate advance) : ITrainingObserver
{
    public void AfterStep(TrainedStep step)
    {
        if (step.Losses is StepLosses losses)
        {
            string adversarial =
                losses.Adversarial is double value ? string.Create(CultureInfo.InvariantCulture, $", adversarial loss {value:0.00}") : "";
            advance(step.Number, string.Create(CultureInfo.InvariantCulture,
                $"epoch {step.Epoch.Number}/{step.Epoch.Count}, loss {losses.Classification:0.000}{adversarial}, {step.ImagesPerSecond:0} images/s"));
        }
    }
}
