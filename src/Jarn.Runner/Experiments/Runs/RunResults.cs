using System.Text.Json.Serialization;
using Jarn.Models;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>results.json; docs/results-json.md documents it, and readers may rely on it.</summary>
/// <param name="Dataset">The name of the images; mnist-sketch where drawn digits stood in.</param>
/// <param name="Method">The name that <c>--method</c> takes.</param>
/// <param name="Preset">The preset that gave the values of options that were not typed.</param>
/// <param name="Seed">The seed of all random numbers.</param>
/// <param name="Device">The device's kind and name.</param>
/// <param name="TrainExamples">The number of training images.</param>
/// <param name="TestExamples">The number of test images that were measured on.</param>
/// <param name="Parameters">The number of the classifier's parameters.</param>
/// <param name="Epsilon">The perturbation size of the attacks, in units of the pixel range [0, 1].</param>
/// <param name="SecondsTotal">Seconds from the start to the end of the evaluation.</param>
/// <param name="FirstStepSeconds">Seconds from the start of the process to the end of the first training step.</param>
/// <param name="SecondsPerEpoch">Seconds of training per epoch, without evaluation.</param>
/// <param name="GradientEvaluationsPerImage">
/// Forward-backward passes through the classifier: the mean of <see cref="TrainingMethod.GradientEvaluations"/> over all steps.
/// </param>
/// <param name="Accuracy">Per cent of the test images, by attack; clean for none.</param>
/// <param name="AccuracyInterval">The 95 % intervals of the accuracies.</param>
/// <param name="ZeroGradient">Per cent of the test images whose input gradient was exactly zero at the attack's first step, by attack.</param>
/// <param name="Paper">The paper's accuracies, where it has the row.</param>
/// <param name="Subset">How much of the data set was found: 20 000 of 50 000 training images. Null if it was complete.</param>
/// <param name="PeakMemoryBytes">The most memory that the process held, managed and unmanaged; null where an older version wrote the file.</param>
/// <param name="PeakDeviceBytes">The most that buffers of the device held; null where an older version wrote the file.</param>
/// <param name="CatastrophicOverfitting">Where it was first seen; null if it was not, and for methods that don't train on a one-step attack.</param>
/// <param name="NonFiniteLogits">Test images with a logit that is infinite or NaN: there are no accuracies then. Null for none.</param>
public sealed record RunResults(
    string Dataset, string Method, Preset Preset, ulong Seed, string Device, int TrainExamples, int TestExamples, long Parameters, double Epsilon,
    double SecondsTotal, double FirstStepSeconds, double SecondsPerEpoch, double GradientEvaluationsPerImage,
    IReadOnlyDictionary<string, double> Accuracy, IReadOnlyDictionary<string, Interval> AccuracyInterval,
    IReadOnlyDictionary<string, double> ZeroGradient,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, double>? Paper = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Subset = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? PeakMemoryBytes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? PeakDeviceBytes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CatastrophicOverfitting? CatastrophicOverfitting = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NonFiniteLogits = null)
{
    /// <summary>The attack that leaves least, and the accuracy that it leaves; null where there was no attack.</summary>
    [JsonIgnore]
    public (string Attack, double Accuracy)? Strongest => Accuracy
        .Where(figure => figure.Key != AttackFigures.Clean).OrderBy(figure => figure.Value)
        .Select(figure => ((string, double)?)(figure.Key, figure.Value)).FirstOrDefault();
}
