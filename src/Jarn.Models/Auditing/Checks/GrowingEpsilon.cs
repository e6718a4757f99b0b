namespace Jarn.Models;

/// <summary>
/// Accuracy must fall to nothing as ε grows: with ε = 1 an attack may turn any image into any other, and one that still fails does so for want of a
/// gradient.
/// </summary>
public sealed class GrowingEpsilon : IMaskingCheck
{
    private const int Iterations = 40;

    /// <summary>Per cent that count as nothing.</summary>
    private const double Nothing = 1;

    public string Name => "growing-epsilon";

    public CheckResult Examine(AuditEvidence evidence)
    {
        double[] sizes = Sizes(evidence.Threat.Epsilon);
        // The published step of 2/255 would not cross a large ball.
        AttackResult[] results = [.. sizes.Select(size => evidence.Under(new Pgd(
            evidence.Threat with { Epsilon = size }, stepSize: 2.5 * size / Iterations, Iterations, seed: evidence.Subject.Seed)))];
        string figures = string.Join(", ", sizes.Zip(results, (size, result) => $"{PerturbationSize.Text(size)}: {Share.Text(result.Accuracy)}"));
        int end = Array.FindIndex(results, result => result.Accuracy < Nothing);
        int risen = Enumerable.Range(1, results.Length - 1).FirstOrDefault(i => PairedComparison.Of(results[i - 1], results[i]).SecondLeavesMore);
        string attack = AttackDefinition.TitleOf($"pgd{Iterations}");
        (CheckOutcome outcome, string verdict) = end < 0
            ? (CheckOutcome.Failed, $"at ε = {PerturbationSize.Text(sizes[^1])}, where every image is within reach, "
                + $"{attack} still leaves {Share.Text(results[^1].Accuracy)} ({figures}): it has no gradient to follow")
            : risen > 0
            ? (CheckOutcome.Failed, $"at ε = {PerturbationSize.Text(sizes[risen])} {attack} leaves more than at "
                + $"{PerturbationSize.Text(sizes[risen - 1])} ({figures}): the gradients mislead")
            : (CheckOutcome.Passed, $"from ε = {PerturbationSize.Text(sizes[end])} on, {attack} leaves less than {Nothing} % ({figures})");
        Dictionary<string, double> values = sizes.Zip(results)
            .ToDictionary(pair => $"epsilon_{PerturbationSize.Text(pair.First)}", pair => pair.Second.Accuracy);
        return new CheckResult(Name, outcome, verdict, values);
    }

    /// <summary>ε, 3ε/2, and doubled until the whole range of pixels is reached; no two that are written alike.</summary>
    private static double[] Sizes(double epsilon)
    {
        List<double> sizes = [epsilon];
        for (double size = 1.5 * epsilon; size < 1; size *= sizes.Count == 2 ? 4.0 / 3 : 2)
        {
            sizes.Add(size);
        }
        return [.. sizes.Append(1).DistinctBy(PerturbationSize.Text)];
    }
}
