using System.Globalization;
using Jarn.Kernels;
using Jarn.Runner.KernelReports;
using Jarn.Runner.Reports;
using Jarn.Runner.Training;

namespace Jarn.Bench.Gpu;

/// <summary>The least that a JARN step of the paper's Wide-ResNet-32-10 can take, call by call, as a page.</summary>
internal static class RooflinePage
{
    private static readonly GpuCard[] Cards = [GpuCard.H100, GpuCard.A100];

    private static readonly MatMulPrecision[] Precisions = [MatMulPrecision.Float32, MatMulPrecision.TF32];

    private static readonly Units Totals = new(1e12, "0.000", 1e9, "0.00"), Details = new(1e9, "0.0", 1e6, "0");

    private static readonly string[] Convolutions = ["Convolution", "ConvolutionInputGradient", "ConvolutionFilterGradient"];

    public static void Print(TextWriter output)
    {
        using CountingDevice device = new();
        using PaperStep step = new(device);
        // The first step also allocates what the later ones share.
        WorkEntry[] usual = Count(device, step, discriminatorLearns: false), learning = Count(device, step, discriminatorLearns: true);
        Recipe recipe = step.Configuration.Recipe;
        MarkdownPage page = new MarkdownPage()
            .Heading("Roofline of a JARN step")
            .Paragraph($"Wide-ResNet-{recipe.Depth}-{recipe.Width} on CIFAR-10, {recipe.BatchSize} images a step, `bench/Jarn.Bench -- roofline`. Each call takes at the least its "
                + "floating-point operations at the card's peak or its bytes at full memory bandwidth, whichever is longer; the sum over a step's calls is a lower bound that "
                + "no implementation with these calls reaches. Bytes: every tensor of a call once, batch norm's inputs twice (once for its sums), as none stays in a cache; "
                + "what is not a product computes in float32 in either column.")
            .Paragraph($"Peaks, NVIDIA's data sheets: {string.Join("; ", Cards.Select(Peaks))}.")
            .Heading("Sum", level: 2)
            .Table(["", "calls", "TFLOP", "GB", .. Headers(Precisions)],
            [
                Row("products", Totals, [.. usual.Where(entry => entry.IsProduct)], Precisions),
                Row("the rest", Totals, [.. usual.Where(entry => !entry.IsProduct)], Precisions),
                Row("a step", Totals, usual, Precisions),
                Row($"a step in which the discriminator learns, one of {recipe.DiscriminatorInterval}", Totals, learning, Precisions),
            ])
            .Paragraph($"A step's buffers hold at most {Format(sizeof(float) * device.Memory.PeakElements / 1e9, "0.0")} GB at a time.")
            .Heading("Products", level: 2)
            .Table(["", "calls", "GFLOP", "MB", .. Headers(Precisions), .. Bounds(Precisions)], Layers(usual.Where(entry => entry.IsProduct)))
            .Paragraph("Shapes: images × height × width × channels → filters, filter / stride; calls: forward + input gradient + filter gradient. One of a product's calls costs as "
                + "much as another, in operations and in bytes.")
            .Heading("The rest", level: 2)
            .Paragraph("What takes less than a hundredth of a millisecond on either card is left out.")
            .Table(["", "calls", "GFLOP", "MB", .. Headers([MatMulPrecision.Float32]), "bound"], usual.Where(entry => !entry.IsProduct)
                .GroupBy(entry => entry.Operation.StartsWith("BatchNorm", StringComparison.Ordinal) ? $"{entry.Operation} {entry.Shape}" : entry.Operation)
                .Where(group => Cards.Any(card => Milliseconds(group, card, MatMulPrecision.Float32) >= 0.01))
                .OrderByDescending(group => Milliseconds(group, GpuCard.H100, MatMulPrecision.Float32))
                .Select(group => (string[])[.. Row(group.Key, Details, [.. group], [MatMulPrecision.Float32]), Bound(group, MatMulPrecision.Float32)]));
        output.Write(page.ToString());
    }

    private static IEnumerable<string> Headers(MatMulPrecision[] precisions) =>
        Cards.SelectMany(card => precisions.Select(precision => $"{card.Name}{(precisions.Length == 1 ? "" : $", {Name(precision)}")}, ms"));

    private static IEnumerable<string> Bounds(MatMulPrecision[] precisions) => precisions.Select(precision => $"bound, {Name(precision)}");

    /// <summary>A row for the convolutions of one shape, and for each matrix product.</summary>
    private static IEnumerable<string[]> Layers(IEnumerable<WorkEntry> products) => products.GroupBy(entry => entry.Shape)
        .OrderByDescending(layer => Milliseconds(layer, GpuCard.H100, MatMulPrecision.Float32))
        .Select(layer =>
        {
            string[] row = Row(layer.Key, Details, [.. layer], Precisions);
            row[1] = layer.First().Operation == "MatMul" ? row[1] : string.Join(" + ", Convolutions.Select(operation =>
                layer.FirstOrDefault(entry => entry.Operation == operation)?.Calls ?? 0));
            return (string[])[.. row, .. Precisions.Select(precision => Bound(layer, precision))];
        });

    /// <summary>On either card, where they differ H100 first.</summary>
    private static string Bound(IEnumerable<WorkEntry> entries, MatMulPrecision precision) => string.Join(", ", Cards.SelectMany(card =>
        entries.Select(entry => card.IsMemoryBound(entry, precision) ? "memory" : "arithmetic")).Distinct());

    private static WorkEntry[] Count(CountingDevice device, PaperStep step, bool discriminatorLearns)
    {
        step.Run(discriminatorLearns);
        device.Reset();
        step.Run(discriminatorLearns);
        return [.. device.Entries];
    }

    private static string[] Row(string title, Units units, WorkEntry[] entries, MatMulPrecision[] precisions) =>
    [
        title, $"{entries.Sum(entry => entry.Calls)}",
        Format(entries.Sum(entry => entry.Calls * entry.OperationsPerCall) / units.Operations, units.OperationsFormat),
        Format(entries.Sum(entry => entry.Calls * entry.BytesPerCall) / units.Bytes, units.BytesFormat),
        .. Cards.SelectMany(card => precisions.Select(precision => Format(Milliseconds(entries, card, precision), "0.00"))),
    ];

    private static double Milliseconds(IEnumerable<WorkEntry> entries, GpuCard card, MatMulPrecision precision) =>
        1000 * entries.Sum(entry => entry.Calls * card.Seconds(entry, precision));

    private static string Name(MatMulPrecision precision) => precision == MatMulPrecision.TF32 ? "TF32" : "float32";

    private static string Peaks(GpuCard card) => string.Create(CultureInfo.InvariantCulture,
        $"{card.Name} {card.Float32 / 1e12:0.0} TFLOP/s in float32, {card.Tf32 / 1e12:0.0} in dense TF32, {card.Bandwidth / 1e12:0.00} TB/s");

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>What operations and bytes are divided by, and how many digits they are shown with.</summary>
    private readonly record struct Units(double Operations, string OperationsFormat, double Bytes, string BytesFormat);
}
