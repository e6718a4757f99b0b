using System.Globalization;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Measures the accuracy on the first test images after each epoch, logs and displays it.</summary>
/// <param name="classifier">The classifier in training.</param>
internal sealed class AccuracyWatch(TrainingContext context, Network classifier, TrainingLog log, IDisplay display) : ITrainingObserver
{
    private const int MostImages = 1000;

    public void AfterStep(TrainedStep step)
    {
        if (!step.EndsEpoch || !step.IsLookDue(step.Epoch.StepsBefore))
        {
            return;
        }
        ImageSet images = context.Data.Test.Limit(MostImages);
        Evaluator evaluator = new(new AttackedNetwork(context.Device, classifier, images.Shape, images.ClassCount), images);
        double clean;
        try
        {
            clean = evaluator.Clean().Accuracy;
        }
        catch (NonFiniteLogitsException exception)
        {
            display.Note($"epoch {step.Epoch.Number}: {NonFiniteLogitsException.InWords(exception.Count, images.Count)}, no accuracy");
            return;
        }
        double fgsm = evaluator.Run(new Fgsm(context.Configuration.Recipe.ThreatModel)).Accuracy;
        log.Append(step.Row with { CleanAccuracy = clean, FgsmAccuracy = fgsm });
        display.Note(string.Create(CultureInfo.InvariantCulture,
            $"epoch {step.Epoch.Number}: {clean:0.0} % clean, {fgsm:0.0} % under FGSM (first {images.Count} test images)"));
    }
}
