using System.Text.Json.Serialization;
using Jarn.Models;

namespace Jarn.Runner.Reporting;

/// <summary>What <c>jarn evaluate</c> writes; docs/results-json.md documents it, and readers may rely on it.</summary>
/// <param name="Checkpoint">The classifier, as given.</param>
/// <param name="Method">How it was trained.</param>
/// <param name="TrainedOn">What images it was trained on.</param>
/// <param name="Dataset">What the images are that it was measured on: a stand-in's name where drawn images stood in.</param>
/// <param name="BnMode">Batch norm's statistics.</param>
/// <param name="Epsilon">Of the attacks, in units of the pixel range [0, 1].</param>
/// <param name="Restarts">Starts of each attack that has random ones.</param>
/// <param name="Seed">Of the random starts.</param>
/// <param name="Device">Kind and name.</param>
/// <param name="TestExamples">Images measured on.</param>
/// <param name="Accuracy">Per cent of the images, by attack; clean for none.</param>
/// <param name="AccuracyInterval">The 95 % intervals of the accuracies.</param>
/// <param name="ZeroGradient">Per cent of the images whose input gradient was exactly zero at the attack's first step, by attack.</param>
/// <param name="Source">The classifier whose gradients were followed, as given; null for the one that was measured.</param>
/// <param name="LimitTest">How many images were allowed; null for all.</param>
public sealed record EvaluationResults(
    string Checkpoint, string Method, string TrainedOn, string Dataset, BatchStatistics BnMode, double Epsilon, int Restarts, ulong Seed,
    string Device, int TestExamples, IReadOnlyDictionary<string, double> Accuracy, IReadOnlyDictionary<string, Interval> AccuracyInterval,
    IReadOnlyDictionary<string, double> ZeroGradient,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LimitTest = null);
