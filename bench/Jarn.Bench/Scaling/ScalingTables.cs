using System.Globalization;
using Jarn.Bench.Peers;
using Jarn.Kernels;

namespace Jarn.Bench.Scaling;

/// <summary>
/// Milliseconds per JARN step against the batch size, the Wide-ResNet's width and the number of threads, each with the exponent p of milliseconds ∝
/// sizeᵖ; and the cost of odd sizes per unit of useful work, compared with their even neighbours. In Markdown.
/// </summary>
internal sealed class ScalingTables(TextWriter output, int rounds) : IDisposable
{
    private const int SmallBatch = 16;

    private readonly CpuDevice _device = new(PeerServer.Threads);

    public void Print()
    {
        Curve("JARN step, MNIST networks, 2 threads", "images", [.. new[] { 1, 4, 16, 64, 256 }.Select(batch =>
            Step(_device, $"{batch}", batch, Workload.Mnist(_device, batch)))]);
        Curve("JARN step, Wide-ResNet, 16 images, 2 threads", "width", [.. new[] { 1, 2, 4 }.Select(width =>
            Step(_device, $"{width}", width, Workload.WideResNet(_device, width, SmallBatch)))]);
        Threads("JARN step, MNIST networks, 64 images", device => Workload.Mnist(device));
        Threads("JARN step, Wide-ResNet of width 1, 16 images", device => Workload.WideResNet(device, 1, SmallBatch));
        Neighbours();
    }

    public void Dispose() => _device.Dispose();

    private void Threads(string title, Func<IDevice, Workload> workload)
    {
        using CpuDevice single = new(1);
        Curve(title, "threads", [Step(single, "1", 1, workload(single)), Step(_device, "2", 2, workload(_device))]);
    }

    /// <summary>Odd sizes beside even ones; the size is the useful work, in multiply-adds, or in pixels where a whole step is concerned.</summary>
    private void Neighbours()
    {
        output.WriteLine("### Odd sizes and their even neighbours, 2 threads");
        output.WriteLine();
        output.WriteLine("| case | even, ms | odd, ms | odd / even, per unit of work |");
        output.WriteLine("|---|---|---|---|");
        Pair(StepPixels("JARN step, MNIST networks, 64 / 63 images", Workload.Mnist(_device)), StepPixels("", Workload.Mnist(_device, 63)));
        Pair(
            StepPixels("JARN step, MNIST networks, 32×32 / 30×30 pixels", Workload.Mnist(_device, extent: 32)),
            StepPixels("", Workload.Mnist(_device, extent: 30)));
        Pair(
            StepPixels("JARN step, Wide-ResNet of width 1, 16 / 15 images", Workload.WideResNet(_device, 1, SmallBatch)),
            StepPixels("", Workload.WideResNet(_device, 1, SmallBatch - 1)));
        Pair(
            StepPixels("JARN step, Wide-ResNet of width 1, 32×32 / 28×28 pixels", Workload.WideResNet(_device, 1, SmallBatch)),
            StepPixels("", Workload.WideResNet(_device, 1, SmallBatch, 28)));
        foreach (string operation in new[] { "forward", "input-gradient", "filter-gradient" })
        {
            Layer even = new(PeerServer.Threads * SmallBatch, 32, 16, 16, 3, 1);
            Pair(
                Convolution($"convolution, {operation}, 16 / 17 channels", even, operation),
                Convolution("", even with { InputChannels = 17, OutputChannels = 17 }, operation));
            Pair(
                Convolution($"convolution, {operation}, 32×32 / 30×30 pixels", even, operation),
                Convolution("", even with { Extent = 30 }, operation));
            Pair(
                Convolution($"convolution, {operation}, 32×32 / 31×31 pixels", even, operation),
                Convolution("", even with { Extent = 31 }, operation));
        }
        output.WriteLine();
    }

    private void Pair((Subject Subject, PeerCase Case) even, (Subject Subject, PeerCase Case) odd)
    {
        double[] times = Subject.Measure([even.Subject, odd.Subject], rounds);
        double ratio = times[1] / odd.Subject.Size / (times[0] / even.Subject.Size);
        output.WriteLine($"| {even.Subject.Label} | {Number(times[0])} | {Number(times[1])} | {Number(ratio)} |");
        output.Flush();
        even.Case.Dispose();
        odd.Case.Dispose();
    }

    private void Curve(string title, string unit, (Subject Subject, PeerCase Case)[] points)
    {
        double[] times = Subject.Measure([.. points.Select(point => point.Subject)], rounds);
        output.WriteLine($"### {title}");
        output.WriteLine();
        output.WriteLine($"| {unit} | ms | relative to the first |");
        output.WriteLine("|---|---|---|");
        foreach ((Subject subject, double time) in points.Select(point => point.Subject).Zip(times))
        {
            output.WriteLine($"| {subject.Label} | {Number(time)} | {Number(time / times[0])} |");
        }
        output.WriteLine();
        output.WriteLine($"ms ∝ {unit}^{Number(Exponent([.. points.Select(point => point.Subject.Size)], times))}");
        output.WriteLine();
        output.Flush();
        Array.ForEach(points, point => point.Case.Dispose());
    }

    private static (Subject Subject, PeerCase Case) Step(IDevice device, string label, double size, Workload workload)
    {
        StepCase step = new(device, workload, "jarn");
        return (new Subject(label, size, step.Run), step);
    }

    private (Subject Subject, PeerCase Case) StepPixels(string label, Workload workload) => Step(_device, label, workload.Images.Length, workload);

    private (Subject Subject, PeerCase Case) Convolution(string label, Layer layer, string operation)
    {
        ConvolutionCase convolution = new(_device, layer, operation);
        ConvolutionGeometry geometry = layer.Geometry;
        return (new Subject(label, (double)geometry.OutputLength * geometry.FilterLength / layer.OutputChannels, convolution.Run), convolution);
    }

    /// <summary>The slope of log y over log x by least squares.</summary>
    private static double Exponent(double[] x, double[] y)
    {
        double[] u = [.. x.Select(value => Math.Log(value))], v = [.. y.Select(value => Math.Log(value))];
        (double meanU, double meanV) = (u.Average(), v.Average());
        return u.Zip(v, (a, b) => (a - meanU) * (b - meanV)).Sum() / u.Sum(a => (a - meanU) * (a - meanU));
    }

    private static string Number(double value) => value.ToString(value < 1000 ? "G3" : "F0", CultureInfo.InvariantCulture);
}
