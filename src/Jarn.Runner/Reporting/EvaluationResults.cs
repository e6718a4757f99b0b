using System.Text.Json.Serialization;
using Jarn.Models;

namespace Jarn.Runner.Reporting;

/// <summary>The content of the file that <c>jarn evaluate</c> writes; docs/results-json.md documents it, and readers may rely on it.</summary>
/// <param name="Checkpoint">The path of the classifier, as given.</param>
/// <param name="Method">The training method.</param>
/// <param name="TrainedOn">The name of the images that it was trained on.</param>
/// <param name="Dataset">The name of the images that it was measured on; a stand-in's name where drawn images stood in.</param>
/// <param name="BnMode">Which statistics batch norm used.</param>
/// <param name="Epsilon">The perturbation size of the attacks, in units of the pixel range [0, 1].</param>
/// <param name="Restarts">The number of random starts of each attack that has any.</param>
/// <param name="Seed">The seed of the random starts.</param>
/// <param name="Device">The device's kind and name.</param>
/// <param name="TestExamples">The number of images that were measured on.</param>
/// <param name="Accuracy">Per cent of the images, by attack; clean for none.</param>
/// <param name="AccuracyInterval">The 95 % intervals of the accuracies.</param>
/// <param name="ZeroGradient">Per cent of the images whose input gradient was exactly zero at the attack's first step, by attack.</param>
/// <param name="Source">The path of the classifier whose gradients were followed, as given; null for the measured one.</param>
/// <param name="LimitTest">The largest number of images that was allowed; null for all.</param>
public sealed record EvaluationResults(
    string Checkpoint, string Method, string TrainedOn, string Dataset, BatchStatistics BnMode, double Epsilon, int Restarts, ulong Seed,
    string Device, int TestExamples, IReadOnlyDictionary<string, double> Accuracy, IReadOnlyDictionary<string, Interval> AccuracyInterval,
    IReadOnlyDictionary<string, double> ZeroGradient,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LimitTest = null);
