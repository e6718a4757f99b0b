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

    public static void Print(TextWriter output)
    {
        using CountingDevice device = new();
        using PaperStep step = new(device);
        // The first step also allocates what the later ones share.
        IReadOnlyCollection<WorkEntry> usual = Count(device, step, discriminatorLearns: false), learning = Count(device, step, discriminatorLearns: true);
        Recipe recipe = step.Configuration.Recipe;
        MarkdownPage page = new MarkdownPage()
            .Heading("Roofline of a JARN step")
            .Paragraph($"Wide-ResNet-{recipe.Depth}-{recipe.Width} on CIFAR-10, {recipe.BatchSize} images a step, `bench/Jarn.Bench -- roofline`. Each call takes at the least its "
                + "floating-point operations at the card's peak or its bytes at full memory bandwidth, whichever is longer; the sum over a step's calls is a lower bound that "
                + "no implementation with these calls reaches. Bytes: every tensor of a call once, batch norm's inputs twice (once for its sums), as none stays in a cache; "
                + "what is not a product computes in float32 in either column.")
            .Paragraph($"Peaks, NVIDIA's data sheets: {string.Join("; ", Cards.Select(Peaks))}.")
            .Heading("Sum", level: 2)
            .Table(["", "calls", "TFLOP", "GB", .. Columns((card, precision) => $"{card.Name}, {Name(precision)}, ms")],
            [
                Total("products", usual.Where(entry => entry.IsProduct)),
                Total("the rest", usual.Where(entry => !entry.IsProduct)),
                Total("a step", usual),
                Total($"a step in which the discriminator learns, one of {recipe.DiscriminatorInterval}", learning),
            ])
            .Paragraph($"A step's buffers hold at most {Format(sizeof(float) * device.Memory.PeakElements / 1e9, "0.0")} GB at a time.")
            .Heading("Products", level: 2)
            .Table(Header, usual.Where(entry => entry.IsProduct).OrderByDescending(Milliseconds).Select(entry => Row(Title(entry), [entry])))
            .Paragraph("Shapes: images × height × width × channels → filters, filter / stride; input gradients and filter gradients under the shape of their forward convolution.")
            .Heading("The rest", level: 2)
            .Table(Header, usual.Where(entry => !entry.IsProduct).GroupBy(entry => entry.Operation.StartsWith("BatchNorm", StringComparison.Ordinal) ? Title(entry) : entry.Operation)
                .OrderByDescending(group => group.Sum(Milliseconds)).Select(group => Row(group.Key, [.. group])));
        output.Write(page.ToString());
    }

    private static IReadOnlyList<string> Header => ["", "calls", "GFLOP", "MB", .. Columns((card, precision) => $"{card.Name}, {Name(precision)}, ms")];

    private static WorkEntry[] Count(CountingDevice device, PaperStep step, bool discriminatorLearns)
    {
        step.Run(discriminatorLearns);
        device.Reset();
        step.Run(discriminatorLearns);
        return [.. device.Entries];
    }

    private static IEnumerable<string> Columns(Func<GpuCard, ProductPrecision, string> column) =>
        Cards.SelectMany(card => Enum.GetValues<ProductPrecision>().Select(precision => column(card, precision)));

    private static string[] Total(string title, IEnumerable<WorkEntry> entries)
    {
        WorkEntry[] all = [.. entries];
        return
        [
            title, $"{all.Sum(entry => entry.Calls)}",
            Format(all.Sum(entry => entry.Calls * entry.OperationsPerCall) / 1e12, "0.000"), Format(all.Sum(entry => entry.Calls * entry.BytesPerCall) / 1e9, "0.00"),
            .. Columns((card, precision) => Format(Milliseconds(all, card, precision), "0.00")),
        ];
    }

    /// <summary>Behind each time what bounds it.</summary>
    private static string[] Row(string title, WorkEntry[] entries) =>
    [
        title, $"{entries.Sum(entry => entry.Calls)}",
        Format(entries.Sum(entry => entry.Calls * entry.OperationsPerCall) / 1e9, "0.0"), Format(entries.Sum(entry => entry.Calls * entry.BytesPerCall) / 1e6, "0"),
        .. Columns((card, precision) =>
            $"{Format(Milliseconds(entries, card, precision), "0.000")} {(entries.All(entry => card.IsMemoryBound(entry, precision)) ? "memory" : "arithmetic")}"),
    ];

    private static double Milliseconds(WorkEntry entry) => Milliseconds([entry], GpuCard.H100, ProductPrecision.Float32);

    private static double Milliseconds(IEnumerable<WorkEntry> entries, GpuCard card, ProductPrecision precision) =>
        1000 * entries.Sum(entry => entry.Calls * card.Seconds(entry, precision));

    private static string Title(WorkEntry entry) => $"{entry.Operation} {entry.Shape}";

    private static string Name(ProductPrecision precision) => precision == ProductPrecision.Tf32 ? "TF32" : "float32";

    private static string Peaks(GpuCard card) => string.Create(CultureInfo.InvariantCulture,
        $"{card.Name} {card.Float32 / 1e12:0.0} TFLOP/s in float32, {card.Tf32 / 1e12:0.0} in dense TF32, {card.Bandwidth / 1e12:0.00} TB/s");

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
