using System.Diagnostics;
using System.Globalization;
using Jarn.Bench.Peers;
using Jarn.Kernels;
using Jarn.Runner;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.KernelReports;
using Jarn.Runner.Settings;

namespace Jarn.Bench.Gpu;

/// <summary>The JSON file. bench/peers/torch_gpu.py writes the same format.</summary>
internal sealed record GpuBenchmarkFile(string Device, string? Card, IReadOnlyList<GpuRow> Rows);

/// <param name="Name">The name of the case.</param>
/// <param name="Precision">The precision of matrix products.</param>
/// <param name="Milliseconds">The median time.</param>
/// <param name="Fastest">The shortest time in milliseconds; <paramref name="Slowest"/> is the longest.</param>
/// <param name="OperationsPerSecond">Floating-point operations, by <see cref="CountingDevice"/>'s count.</param>
/// <param name="BytesPerSecond">Of the least that must be moved, by the same count.</param>
/// <param name="RooflineShare">The time that the card takes at the least over the time it took; null where the card isn't known.</param>
internal sealed record GpuRow(
    string Name, MatMulPrecision Precision, double Milliseconds, double Fastest, double Slowest, double OperationsPerSecond, double BytesPerSecond,
    double? RooflineShare);

/// <summary>Checks and times each case. The results are compared with the CPU device's, or with the reference device's if the CPU is timed.</summary>
internal sealed class GpuBenchmark(GpuOptions options, TextWriter output)
{
    private const int Right = 0, Wrong = 1, BadInput = 2;

    private readonly int _rounds = options.Quick ? 3 : 15;

    // A round is so long that its beginning and its end don't count.
    private readonly double _roundMilliseconds = options.Quick ? 0 : 20;

    public static int Run(GpuOptions options, TextWriter output)
    {
        try
        {
            return new GpuBenchmark(options, output).Run();
        }
        catch (Exception exception) when (exception is UserErrorException or DeviceUnavailableException)
        {
            Console.Error.WriteLine($"gpu: {exception.Message}");
            return BadInput;
        }
    }

    private int Run()
    {
        DeviceKind kind = OptionValue.Named<DeviceKind>("--device", options.Device);
        GpuCase[] cases = [.. GpuCase.All(options.Quick).Where(one => one.Name.Contains(options.Only ?? "", StringComparison.Ordinal))];
        using IDevice witness = kind == DeviceKind.Cpu ? new ReferenceDevice() : new CpuDevice(winograd: false);
        List<GpuRow> rows = [];
        using IDevice device = Devices.Open(kind, winograd: false, precision: MatMulPrecision.Float32);
        bool isRight = Run(cases, device, witness, rows);
        if (kind == DeviceKind.Cuda)
        {
            using IDevice tensorCores = Devices.Open(kind, precision: MatMulPrecision.TF32);
            isRight &= Run([.. cases.Where(one => one.HasProducts)], tensorCores, witness, rows);
        }
        if (options.Json is string json)
        {
            JsonFile.Write(json, new GpuBenchmarkFile(device.Description.Name, GpuCard.Named(device.Description.Name)?.Name, rows));
        }
        return isRight ? Right : Wrong;
    }

    /// <returns>Whether all numbers are right; what is wrong isn't timed.</returns>
    private bool Run(GpuCase[] cases, IDevice device, IDevice witness, List<GpuRow> rows)
    {
        MatMulPrecision precision = device.Description.MatMulPrecision;
        GpuCard? card = GpuCard.Named(device.Description.Name);
        output.WriteLine($"{device.Description.Title}, results compared with {witness.Description.Title}");
        output.WriteLine(card is null
            ? "The peak of this card is not known, so the last column is empty."
            : string.Create(CultureInfo.InvariantCulture,
                $"Peak of {card.Name}: {card.Peak(precision) / 1e9:0} GFLOP/s for products, {card.Bandwidth / 1e9:0} GB/s"));
        output.WriteLine($"{"case",-52}{"error",10}{"ms",10}{"GFLOP/s",10}{"GB/s",8}{"of roofline",13}");
        bool isRight = true;
        foreach (GpuCase one in cases)
        {
            double error = Error(one, device, witness);
            bool agrees = error <= Tolerance(one, precision);
            isRight &= agrees;
            GpuRow? row = agrees ? Measure(one, device, card) : null;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Name,-52}{error,10:0.0e+0}{Figures(row)}"));
            if (row is not null)
            {
                rows.Add(row);
            }
        }
        return isRight;
    }

    /// <summary>
    /// Of the largest number: float32's rounding in a long sum, and in a network what its kinks and cancellations make of that. TF32 rounds each
    /// factor to 2⁻¹¹.
    /// </summary>
    private static double Tolerance(GpuCase one, MatMulPrecision precision) => (one.IsStep, precision) switch
    {
        (false, MatMulPrecision.Float32) => 1e-4,
        (true, MatMulPrecision.Float32) => 2e-3,
        (false, _) => 2e-3,
        (true, _) => 1e-1,
    };

    private static string Figures(GpuRow? row) => row is null ? "  WRONG RESULT, not timed" : string.Create(CultureInfo.InvariantCulture,
        $"{row.Milliseconds,10:0.000}{row.OperationsPerSecond / 1e9,10:0}{row.BytesPerSecond / 1e9,8:0}"
        + $"{(row.RooflineShare is double share ? $"{100 * share:0} %" : "-"),13}");

    /// <summary>The largest difference between the devices, each tensor's relative to its largest number.</summary>
    private static double Error(GpuCase one, IDevice device, IDevice witness)
    {
        using PeerCase here = PeerCases.Create(device, one.Checked), there = PeerCases.Create(witness, one.Checked);
        Dictionary<string, float[]> expected = there.Outcome().ToDictionary(tensor => tensor.Name, tensor => tensor.Values);
        return here.Outcome().Max(tensor => Largest(tensor.Values.Zip(expected[tensor.Name], (a, b) => (double)a - b))
            / Math.Max(Largest(expected[tensor.Name].Select(value => (double)value)), Scale(tensor.Name, expected)));
    }

    /// <summary>
    /// Batch norm removes a shift: the gradient of a bias or a β before it is zero but for rounding, and the gradient of its weight or γ is its
    /// scale.
    /// </summary>
    private static double Scale(string name, Dictionary<string, float[]> expected)
    {
        string companion = name.Replace(".bias", ".weight", StringComparison.Ordinal).Replace(".beta", ".gamma", StringComparison.Ordinal);
        return expected.TryGetValue(companion, out float[]? values)
            ? Math.Max(Largest(values.Select(value => (double)value)), float.Epsilon)
            : float.Epsilon;
    }

    // A NaN stays one, and no tolerance admits it.
    private static double Largest(IEnumerable<double> values) => values.Aggregate(0.0, (largest, value) => Math.Max(largest, Math.Abs(value)));

    private GpuRow Measure(GpuCase one, IDevice device, GpuCard? card)
    {
        using PeerCase timed = PeerCases.Create(device, one.Name);
        // The first compiles kernels and allocates.
        timed.Run();
        int repetitions = (int)Math.Clamp(_roundMilliseconds / Math.Max(Milliseconds(1), 1e-3), 1, 1000);
        double[] rounds = [.. Enumerable.Range(0, _rounds).Select(_ => Milliseconds(repetitions)).Order()];
        double median = rounds[rounds.Length / 2], seconds = median / 1000;
        IReadOnlyCollection<WorkEntry> work = Work(one);
        MatMulPrecision precision = device.Description.MatMulPrecision;
        return new GpuRow(
            one.Name, precision, median, rounds[0], rounds[^1],
            work.Sum(entry => entry.Calls * entry.OperationsPerCall) / seconds,
            work.Sum(entry => entry.Calls * entry.BytesPerCall) / seconds,
            card is null ? null : work.Sum(entry => entry.Calls * card.Seconds(entry, precision)) / seconds);

        double Milliseconds(int times)
        {
            device.Synchronize();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < times; i++)
            {
                timed.Run();
            }
            device.Synchronize();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds / times;
        }
    }

    private static IReadOnlyCollection<WorkEntry> Work(GpuCase one)
    {
        using CountingDevice device = new();
        using PeerCase counted = PeerCases.Create(device, one.Name);
        counted.Run();
        device.Reset();
        counted.Run();
        return [.. device.Entries];
    }
}
