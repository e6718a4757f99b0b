using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Jarn.Kernels;
using Jarn.Tests.Ptx;

namespace Jarn.Tests.Kernels;

/// <summary>What each operation that memory bounds reads and writes, counted access by access, is what it states.</summary>
public sealed partial class TrafficTests
{
    private const int Samples = 512, Channels = 32, Length = Samples * Channels;

    private static readonly AxisGeometry Rows = new(4, Length / 4, 1), Columns = new(1, Samples, Channels);
    private static readonly BatchNormGeometry Norm = new(Samples, Channels, 1e-3, Slope: 0.1);
    private static readonly NormalizeGeometry Centered = new(4, Length / 4, 1e-6);
    private static readonly PoolGeometry Pool = new(2, 16, 16, Channels, Window: 2);
    private static readonly WindowGeometry Window = new(Samples / 2, 2, Channels, 0, 2);
    private static readonly RandomKey Key = new(1, 2);

    /// <summary>Calls on tensors t0, t1, …; vectors are taken from the device.</summary>
    private static readonly Traffic[] _calls =
    [
        Traffic.Of(t => new FillCall(1, t[0])),
        Traffic.Of(t => new MapCall<Square>(new Square(), t[0], t[1])),
        Traffic.Of(t => new MapCall<HyperbolicTangent>(new HyperbolicTangent(), t[0], t[0])),
        Traffic.Of(t => new ZipCall<Add>(new Add(), t[0], t[1], AxisGeometry.Elementwise(Length), t[2])),
        // A bias comes from the cache.
        Traffic.Of(t => new ZipCall<LeakyReluOfSum>(new LeakyReluOfSum(0.1), t[0], t.Vector(Channels), Columns, t[1])),
        Traffic.Of(t => new SumCall(t[0], Rows, t.Vector(4))),
        Traffic.Of(t => new SumCall(t[0], Columns, t.Vector(Channels))),
        Traffic.Of(t => new BroadcastCall(t.Vector(4), Rows, t[0])),
        Traffic.Of(t => new BroadcastCall(t.Vector(Channels), Columns, t[0])),
        Traffic.Of(t => new BatchNormCall(t[0], t.Gamma, t.Beta, Norm, t[1], t.Mean, t.Deviation)),
        Traffic.Of(t => new BatchNormGradientCall(t.NormInputs, Norm, t[2], t.Vector(Channels), t.Vector(Channels))),
        Traffic.Of(t => new BatchNormGradientGradientCall(
            t.NormInputs, new BatchNormSecondCotangents(t[2], t.Vector(Channels), t.Vector(Channels)), Norm, t[3], t.Vector(Channels), t[4])),
        Traffic.Of(t => new CenterAndNormalizeCall(t[0], Centered, t[1], t.Vector(4))),
        Traffic.Of(t => new CenterAndNormalizeGradientCall(t[0], t.Vector(4), t[1], Centered, t[2])),
        Traffic.Of(t => new AveragePoolCall(t[0], Pool, t.Vector(Length / 4))),
        Traffic.Of(t => new AverageUnpoolCall(t.Vector(Length / 4), Pool, t[0])),
        Traffic.Of(t => new SliceCall(t[0], Window, t[1])),
        Traffic.Of(t => new PlaceCall(t[0], Window, t[1])),
        Traffic.Of(t => new RandomUniformCall(Key, 0, 1, t[0])),
        Traffic.Of(t => new RandomNormalCall(Key, 0, 1, t[0])),
        Traffic.Of(t => new SgdMomentumCall(new SgdMomentumStep(0.1, 0.9, 2e-4), t[0], t[1], t[2])),
        Traffic.Of(t => new AdamCall(new AdamStep(1e-3, Iteration: 1), t[0], t[1], t[2], t[3])),
        Traffic.Of(t => new PgdStepCall(new PgdStep(0.01, 0.03), t[0], t[1], t[2], t[3])),
        Traffic.Of(t => new PgdStepCall(new PgdStep(0.01, 0.03), t[0], t[1], t[2], t[0])),
    ];

    /// <summary>Products move tiles; softmax and cross-entropy have a row of classes an image.</summary>
    private static readonly string[] _notBoundByMemory =
    [
        "MatMul", "Convolution", "ConvolutionInputGradient", "ConvolutionFilterGradient", "Softmax", "SoftmaxGradient", "CrossEntropy",
        "CrossEntropyGradient",
    ];

    [TestCaseSource(nameof(_calls))]
    public void A_call_moves_what_it_states(Traffic traffic) => Assert.That(traffic.Measured(), Is.EqualTo(traffic.Stated()));

    [Test]
    public void Every_operation_that_memory_bounds_is_measured()
    {
        IEnumerable<string> operations = typeof(IDevice).Assembly.GetTypes()
            .Where(type => type.IsValueType && type.GetInterfaces().Any(contract =>
                contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IDeviceCall<>)))
            .Select(type => type.Name.Split('`')[0][..^"Call".Length]);
        Assert.That(_calls.Select(call => call.Operation).Distinct().Concat(_notBoundByMemory), Is.EquivalentTo(operations));
    }

    /// <summary>docs/gpu.md has a table of bytes per element; its rows of whole tensors are the calls' costs.</summary>
    [Test]
    public void The_document_states_the_same()
    {
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/gpu.md"));
        Dictionary<string, int> bytes = Row().Matches(page).SelectMany(row => Name().Matches(row.Groups["names"].Value)
            .Select(name => (Name: name.Groups[1].Value, Bytes: int.Parse(row.Groups["bytes"].Value, CultureInfo.InvariantCulture)))).ToDictionary();
        Assert.That(bytes, Has.Count.AtLeast(12));
        Assert.Multiple(() =>
        {
            foreach ((string operation, int documented) in bytes)
            {
                (double reads, double writes) = _calls.First(call => call.Operation == operation).Stated();
                Assert.That(documented, Is.EqualTo(sizeof(float) * (reads + writes)), operation);
            }
        });
    }

    private static string Here([CallerFilePath] string path = "") => path;

    /// <summary>| `A`, `B` (a remark) | 12 |</summary>
    [GeneratedRegex(@"^\| (?<names>`\w+`(, `\w+`)*)(, random numbers| \([^|]*\))? \| (?<bytes>\d+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Name();

    /// <summary>The fewest passes over a tensor: all inputs once for the sums, once more for the results, and the results themselves.</summary>
    [TestCase("BatchNorm", 3)]
    [TestCase("BatchNormGradient", 5)]
    [TestCase("BatchNormGradientGradient", 8)]
    public void Batch_norm_takes_the_fewest_passes(string operation, int passes)
    {
        (double reads, double writes) = _calls.Single(call => call.Operation == operation).Stated();
        Assert.That(reads + writes, Is.EqualTo(passes));
    }

    /// <summary>A call whose traffic is counted and compared with its cost, both in floats for each element of a tensor.</summary>
    public sealed record Traffic(string Operation, Func<Tensors, CallCost> Cost, Action<Tensors> Execute)
    {
        public static Traffic Of<TCall>(Func<Tensors, TCall> call) where TCall : struct, IDeviceCall<TCall> =>
            new(typeof(TCall).Name.Split('`')[0][..^"Call".Length], tensors => call(tensors).Cost, tensors => tensors.Device.Execute(call(tensors)));

        public (double Reads, double Writes) Measured()
        {
            GlobalTraffic traffic = new((ulong)Length * sizeof(float));
            using Tensors tensors = new(PtxLauncher.OpenDevice(traffic: traffic));
            Execute(tensors);
            return ((double)traffic.BytesRead / sizeof(float) / Length, (double)traffic.BytesWritten / sizeof(float) / Length);
        }

        /// <summary>Tensors, and not the vectors beside them.</summary>
        public (double Reads, double Writes) Stated()
        {
            using Tensors tensors = new(PtxLauncher.OpenDevice());
            CallCost cost = Cost(tensors);
            return (cost.Reads / Length, cost.Writes / Length);
        }

        public override string ToString() => Operation;
    }

    /// <summary>A device with buffers of zeros.</summary>
    public sealed class Tensors(GpuDevice device) : IDisposable
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
