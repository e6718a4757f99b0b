using Jarn.Kernels;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.KernelReports;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Bench.Gpu;

/// <summary>Prints docs/gpu-roofline.md: the shortest possible time of a JARN step of the paper's Wide-ResNet-32-10, call by call.</summary>
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
            .Paragraph($"""
                This page gives the shortest possible time of a JARN step on two GPUs: a {recipe.Network.Title} on CIFAR-10 with
                {recipe.BatchSize} images per step. `dotnet run -c Release --project bench/Jarn.Bench -- roofline` prints it.
                """)
            .List([
                "A call takes at least the time of its floating-point operations at the card's peak, or of its bytes at full memory bandwidth: "
                    + "whichever is longer.",
                "The sum over the calls of a step is a lower bound. No implementation with these calls can be faster.",
                "Every tensor of a call counts once. The inputs of batch norm count twice, once for its sums, because no cache holds them.",
                "Only products use TF32. All other calls compute in float32 in both columns.",
            ])
            .Paragraph("Peaks, from NVIDIA's data sheets:")
            .Table(["card", "float32, TFLOP/s", "dense TF32, TFLOP/s", "memory, TB/s"], Cards.Select(Peaks))
            .Heading("Total", level: 2)
            .Table(["", "calls", "TFLOP", "GB", .. Headers(Precisions)],
            [
                Row("products", Totals, [.. usual.Where(entry => entry.IsProduct)], Precisions),
                Row("other calls", Totals, [.. usual.Where(entry => !entry.IsProduct)], Precisions),
                Row("a step", Totals, usual, Precisions),
                Row("a step with an update of the discriminator", Totals, learning, Precisions),
            ])
            .Paragraph($"The discriminator is updated in one of {((JarnSettings)recipe.Method).DiscriminatorInterval} steps. "
                + $"The buffers of a step hold at most {Titles.Number(sizeof(float) * device.Memory.PeakElements / 1e9, "0.0")} GB at a time.")
            .Heading("Products", level: 2)
            .Paragraph("""
                Convolutions are listed as images × height × width × channels → filters, filter size / stride. Their calls are forward passes +
                input gradients + filter gradients; each of these takes the same operations and bytes. Matrix products are rows × inner × columns,
                with N or T (transposed) for each factor.
                """)
            .Table(["shape", "calls", "GFLOP", "MB", .. Headers(Precisions), .. Bounds(Precisions)], Layers(usual.Where(entry => entry.IsProduct)))
            .Heading("Other calls", level: 2)
            .Paragraph("Calls that take less than 0.01 ms on both cards are left out.")
            .Table(["operation", "calls", "GFLOP", "MB", .. Headers([MatMulPrecision.Float32]), "bound"], usual.Where(entry => !entry.IsProduct)
                .GroupBy(entry =>
                    entry.Operation.StartsWith("BatchNorm", StringComparison.Ordinal) ? $"{entry.Operation} {entry.Shape}" : entry.Operation)
                .Where(group => Cards.Any(card => Milliseconds(group, card, MatMulPrecision.Float32) >= 0.01))
                .OrderByDescending(group => Milliseconds(group, GpuCard.H100, MatMulPrecision.Float32))
                .Select(group =>
                    (string[])[.. Row(group.Key, Details, [.. group], [MatMulPrecision.Float32]), Bound(group, MatMulPrecision.Float32)]));
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
        Titles.Number(entries.Sum(entry => entry.Calls * entry.OperationsPerCall) / units.Operations, units.OperationsFormat),
        Titles.Number(entries.Sum(entry => entry.Calls * entry.BytesPerCall) / units.Bytes, units.BytesFormat),
        .. Cards.SelectMany(card => precisions.Select(precision => Titles.Number(Milliseconds(entries, card, precision), "0.00"))),
    ];

    private static double Milliseconds(IEnumerable<WorkEntry> entries, GpuCard card, MatMulPrecision precision) =>
        1000 * entries.Sum(entry => entry.Calls * card.Seconds(entry, precision));

    private static string Name(MatMulPrecision precision) => precision == MatMulPrecision.TF32 ? "TF32" : "float32";

    private static string[] Peaks(GpuCard card) =>
        [card.Name, Titles.Number(card.Float32 / 1e12, "0.0"), Titles.Number(card.Tf32 / 1e12, "0.0"), Titles.Number(card.Bandwidth / 1e12, "0.00")];

    /// <summary>What operations and bytes are divided by, and how many digits they are shown with.</summary>
    private readonly record struct Units(double Operations, string OperationsFormat, double Bytes, string BytesFormat);
}
