namespace Jarn.Runner.Experiments;

/// <summary>The sources of gradients in the attacks of Table 5.</summary>
public enum TransferSource
{
    /// <summary>A model trained by PGD-AT7.</summary>
    PgdAt7,

    /// <summary>A model of the same method with another initialisation.</summary>
    SameMethod,

    /// <summary>The model that is measured.</summary>
    WhiteBox,
}

/// <summary>The accuracies that Chan et al. (ICLR 2020) report, in per cent.</summary>
public static class PaperFigures
{
    private static readonly Dictionary<(string Dataset, string Method), Dictionary<string, double>> Rows = new()
    {
        // Table 1, ε = 0.3.
        [("mnist", "standard")] = Mnist(fgsm: 76.5, pgd5: 0, pgd40: 0, clean: 98.7),
        [("mnist", "uniform-noise")] = Mnist(fgsm: 77.5, pgd5: 0, pgd40: 0.02, clean: 98.7),
        [("mnist", "jarn")] = Mnist(fgsm: 98.4, pgd5: 98.1, pgd40: 98.1, clean: 98.8),

        // Table 2, ε = 8/255.
        [("svhn", "standard")] = Colour(fgsm: 64.4, pgd5: 26.0, pgd10: 5.47, pgd20: 1.96, clean: 94.7),
        [("svhn", "uniform-noise")] = Colour(fgsm: 65.0, pgd5: 42.6, pgd10: 18.4, pgd20: 9.21, clean: 95.3),
        [("svhn", "jarn")] = Colour(fgsm: 67.2, pgd5: 57.5, pgd10: 37.7, pgd20: 26.79, clean: 94.9),

        // Table 3, ε = 8/255.
        [("cifar10", "standard")] = Colour(fgsm: 13.4, pgd5: 0, pgd10: 0, pgd20: 0, clean: 95.0),
        [("cifar10", "uniform-noise")] = Colour(fgsm: 67.4, pgd5: 44.6, pgd10: 19.7, pgd20: 7.48, clean: 94.0),
        [("cifar10", "fgsm-at1")] = Colour(fgsm: 94.5, pgd5: 0.25, pgd10: 0.02, pgd20: 0.01, clean: 91.7),
        [("cifar10", "double-backprop")] = Colour(fgsm: 28.3, pgd5: 0.05, pgd10: 0, pgd20: 0, clean: 95.7),
        [("cifar10", "jarn")] = Colour(fgsm: 67.2, pgd5: 50.0, pgd10: 27.6, pgd20: 15.5, clean: 93.9),
        [("cifar10", "pgd-at7")] = Colour(fgsm: 56.2, pgd5: 55.5, pgd10: 47.3, pgd20: 45.9, clean: 87.3),
        [("cifar10", "jarn-at1")] = Colour(fgsm: 65.7, pgd5: 60.1, pgd10: 51.8, pgd20: 46.7, clean: 84.8),
    };

    /// <summary>Table 4, by method: of training on CIFAR-10.</summary>
    public static IReadOnlyDictionary<string, double> SecondsPerEpoch { get; } = new Dictionary<string, double>
    {
        ["pgd-at7"] = 704,
        ["jarn-at1"] = 294,
        ["fgsm-at1"] = 267,
        ["jarn"] = 217,
    };

    /// <summary>Table 5, by attack: accuracy on CIFAR-10 at ε = 8/255 under attacks that follow the source's gradients.</summary>
    public static IReadOnlyDictionary<(string Method, TransferSource Source), IReadOnlyDictionary<string, double>> Transfer { get; } =
        new Dictionary<(string, TransferSource), IReadOnlyDictionary<string, double>>
        {
            [("jarn", TransferSource.PgdAt7)] = Transferred(fgsm: 79.6, pgd20: 76.7),
            [("jarn", TransferSource.SameMethod)] = Transferred(fgsm: 73.6, pgd20: 17.4),
            [("jarn", TransferSource.WhiteBox)] = Transferred(fgsm: 67.2, pgd20: 15.5),
            [("jarn-at1", TransferSource.PgdAt7)] = Transferred(fgsm: 66.4, pgd20: 63.0),
            [("jarn-at1", TransferSource.SameMethod)] = Transferred(fgsm: 70.3, pgd20: 59.3),
            [("jarn-at1", TransferSource.WhiteBox)] = Transferred(fgsm: 65.7, pgd20: 46.7),
        };

    /// <summary>Tables 1 to 3: accuracies by attack, clean for none; null where the paper has no such row.</summary>
    public static IReadOnlyDictionary<string, double>? For(string dataset, string method) => Rows.GetValueOrDefault((dataset, method));

    private static Dictionary<string, double> Mnist(double fgsm, double pgd5, double pgd40, double clean) =>
        new() { ["clean"] = clean, ["fgsm"] = fgsm, ["pgd5"] = pgd5, ["pgd40"] = pgd40 };

    private static Dictionary<string, double> Colour(double fgsm, double pgd5, double pgd10, double pgd20, double clean) =>
        new() { ["clean"] = clean, ["fgsm"] = fgsm, ["pgd5"] = pgd5, ["pgd10"] = pgd10, ["pgd20"] = pgd20 };

    private static Dictionary<string, double> Transferred(double fgsm, double pgd20) => new() { ["fgsm"] = fgsm, ["pgd20"] = pgd20 };
}
