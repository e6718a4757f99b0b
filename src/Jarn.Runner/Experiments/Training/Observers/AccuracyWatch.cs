using System.Globalization;
using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments.Training;

/// <summary>Notes the accuracy on the first test images after an epoch, and says it.</summary>
/// <param name="context">The training.</param>
/// <param name="classifier">What is trained.</param>
/// <param name="log">Receives a row.</param>
/// <param name="display">Receives a line.</param>
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
