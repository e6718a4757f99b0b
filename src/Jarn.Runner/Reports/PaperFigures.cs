namespace Jarn.Runner.Reports;

/// <summary>Accuracies in per cent as Chan et al. (ICLR 2020) report them.</summary>
public static class PaperFigures
{
    private static readonly Dictionary<(string Dataset, string Method), Dictionary<string, double>> Rows = new()
    {
        // Table 1, ε = 0.3.
        [("mnist", "standard")] = Row(clean: 98.7, fgsm: 76.5, pgd5: 0, pgd40: 0),
        [("mnist", "uniform-noise")] = Row(clean: 98.7, fgsm: 77.5, pgd5: 0, pgd40: 0.02),
        [("mnist", "jarn")] = Row(clean: 98.8, fgsm: 98.4, pgd5: 98.1, pgd40: 98.1),
    };

    /// <summary>By attack; null where the paper has no such row.</summary>
    public static IReadOnlyDictionary<string, double>? For(string dataset, string method) => Rows.GetValueOrDefault((dataset, method));

    private static Dictionary<string, double> Row(double clean, double fgsm, double pgd5, double pgd40) =>
        new() { ["clean"] = clean, ["fgsm"] = fgsm, ["pgd5"] = pgd5, ["pgd40"] = pgd40 };
}
