using System.Reflection;
using Jarn.Kernels;
using Jarn.Tests.Ptx;

namespace Jarn.Tests.Kernels;

/// <summary>What each operation that memory bounds reads and writes, counted access by access, is what it states.</summary>
public sealed class TrafficTests
{
    private const int Samples = 512, Channels = 32, Length = Samples * Channels;

    private static readonly AxisGeometry Rows = new(4, Length / 4, 1), Columns = new(1, Samples, Channels);
    private static readonly BatchNormGeometry Norm = new(Samples, Channels, 1e-3, Slope: 0.1);
    private static readonly NormalizeGeometry Centered = new(4, Length / 4, 1e-6);
    private static readonly PoolGeometry Pool = new(2, 16, 16, Channels, Window: 2);
    private static readonly WindowGeometry Window = new(Samples / 2, 2, Channels, 0, 2);
    private static readonly RandomKey Key = new(1, 2);

    /// <summary>From the operation's name to calls with tensors t0, t1, …; vectors are taken from the device.</summary>
    private static readonly ILookup<string, Action<Tensors>> Calls = new (string Operation, Action<Tensors> Call)[]
    {
        (nameof(GpuDevice.Fill), t => t.Device.Fill(1, t[0])),
        (nameof(GpuDevice.Map), t => t.Device.Map(new Square(), t[0], t[1])),
        (nameof(GpuDevice.Map), t => t.Device.Map(new HyperbolicTangent(), t[0], t[0])),
        (nameof(GpuDevice.Zip), t => t.Device.Zip(new Add(), t[0], t[1], AxisGeometry.Elementwise(Length), t[2])),
        (nameof(GpuDevice.Sum), t => t.Device.Sum(t[0], Rows, t.Vector(4))),
        (nameof(GpuDevice.Sum), t => t.Device.Sum(t[0], Columns, t.Vector(Channels))),
        (nameof(GpuDevice.Broadcast), t => t.Device.Broadcast(t.Vector(4), Rows, t[0])),
        (nameof(GpuDevice.Broadcast), t => t.Device.Broadcast(t.Vector(Channels), Columns, t[0])),
        (nameof(GpuDevice.BatchNorm), t => t.Device.BatchNorm(t[0], t.Gamma, t.Beta, Norm, t[1], t.Mean, t.Deviation)),
        (nameof(GpuDevice.BatchNormGradient), t => t.Device.BatchNormGradient(t.NormInputs, Norm, t[2], t.Vector(Channels), t.Vector(Channels))),
        (nameof(GpuDevice.BatchNormGradientGradient), t => t.Device.BatchNormGradientGradient(
            t.NormInputs, new BatchNormSecondCotangents(t[2], t.Vector(Channels), t.Vector(Channels)), Norm, t[3], t.Vector(Channels), t[4])),
        (nameof(GpuDevice.CenterAndNormalize), t => t.Device.CenterAndNormalize(t[0], Centered, t[1], t.Vector(4))),
        (nameof(GpuDevice.CenterAndNormalizeGradient), t => t.Device.CenterAndNormalizeGradient(t[0], t.Vector(4), t[1], Centered, t[2])),
        (nameof(GpuDevice.AveragePool), t => t.Device.AveragePool(t[0], Pool, t.Vector(Length / 4))),
        (nameof(GpuDevice.AverageUnpool), t => t.Device.AverageUnpool(t.Vector(Length / 4), Pool, t[0])),
        (nameof(GpuDevice.Slice), t => t.Device.Slice(t[0], Window, t[1])),
        (nameof(GpuDevice.Place), t => t.Device.Place(t[0], Window, t[1])),
        (nameof(GpuDevice.RandomUniform), t => t.Device.RandomUniform(Key, 0, 1, t[0])),
        (nameof(GpuDevice.RandomNormal), t => t.Device.RandomNormal(Key, 0, 1, t[0])),
        (nameof(GpuDevice.SgdMomentum), t => t.Device.SgdMomentum(new SgdMomentumStep(0.1, 0.9, 2e-4), t[0], t[1], t[2])),
        (nameof(GpuDevice.Adam), t => t.Device.Adam(new AdamStep(1e-3, Iteration: 1), t[0], t[1], t[2], t[3])),
        (nameof(GpuDevice.PgdStep), t => t.Device.PgdStep(new PgdStep(0.01, 0.03), t[0], t[1], t[2], t[3])),
        (nameof(GpuDevice.PgdStep), t => t.Device.PgdStep(new PgdStep(0.01, 0.03), t[0], t[1], t[2], t[0])),
    }.ToLookup(call => call.Operation, call => call.Call);

    private static IEnumerable<MethodInfo> Operations =>
        typeof(GpuDevice).GetMethods().Where(method => method.GetCustomAttribute<TrafficAttribute>() is not null);

    [TestCaseSource(nameof(Operations))]
    public void An_operation_moves_what_it_states(MethodInfo operation)
    {
        TrafficAttribute stated = operation.GetCustomAttribute<TrafficAttribute>()!;
        Assert.That(Calls[operation.Name], Is.Not.Empty, "nobody looked");
        foreach (Action<Tensors> call in Calls[operation.Name])
        {
            Assert.That(TrafficOf(call), Is.EqualTo(((double)stated.Reads, (double)stated.Writes)));
        }
    }

    [Test]
    public void A_bias_comes_from_the_cache() =>
        Assert.That(TrafficOf(t => t.Device.Zip(new AddThenLeakyRelu(0.1), t[0], t.Vector(Channels), Columns, t[1])), Is.EqualTo((1.0, 1.0)));

    /// <summary>The fewest passes over a tensor: all inputs once for the sums, once more for the results, and the results themselves.</summary>
    [TestCase(nameof(GpuDevice.BatchNorm), 3)]
    [TestCase(nameof(GpuDevice.BatchNormGradient), 5)]
    [TestCase(nameof(GpuDevice.BatchNormGradientGradient), 8)]
    public void Batch_norm_takes_the_fewest_passes(string operation, int passes)
    {
        TrafficAttribute stated = Operations.Single(method => method.Name == operation).GetCustomAttribute<TrafficAttribute>()!;
        Assert.That(stated.Reads + stated.Writes, Is.EqualTo(passes));
    }

    /// <summary>Floats read and written for each element of a tensor.</summary>
    private static (double Read, double Written) TrafficOf(Action<Tensors> call)
    {
        GlobalTraffic traffic = new((ulong)Length * sizeof(float));
        using Tensors tensors = new(PtxLauncher.OpenDevice(traffic: traffic));
        call(tensors);
        return ((double)traffic.BytesRead / sizeof(float) / Length, (double)traffic.BytesWritten / sizeof(float) / Length);
    }

    /// <summary>A device with buffers of zeros.</summary>
    private sealed class Tensors(GpuDevice device) : IDisposable
    {
        private readonly Dictionary<int, DeviceBuffer> _tensors = [];

        public GpuDevice Device => device;

        public DeviceBuffer Gamma => Vector(Channels);

        public DeviceBuffer Beta => Vector(Channels);

        public DeviceBuffer Mean => Vector(Channels);

        public DeviceBuffer Deviation => Vector(Channels);

        public BatchNormGradientInputs NormInputs => new(this[0], Gamma, this[1], Mean, Deviation, Beta);

        public DeviceBuffer this[int index] =>
            _tensors.TryGetValue(index, out DeviceBuffer? tensor) ? tensor : _tensors[index] = Vector(Length);

        public DeviceBuffer Vector(int length)
        {
            DeviceBuffer buffer = device.Allocate(length);
            device.Upload(new float[length].AsSpan(), buffer);
            return buffer;
        }

        public void Dispose() => device.Dispose();
    }
}
