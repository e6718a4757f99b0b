using Jarn.Kernels;
using Jarn.Tests.Ptx;

namespace Jarn.Tests.Kernels;

/// <summary>The one data source of devices for all tests of kernels.</summary>
public static class TestDevices
{
    /// <summary>
    /// No result may depend on how many groups a device asks for. A barrier takes milliseconds: with the README's command, a sample only.
    /// </summary>
    private static readonly TestDevice Emulator =
        new("Emulator", () => Devices.Open(DeviceKind.Emulator), () => EmulatorDevice.Open(multiprocessors: 3)) { Category = TestCategory.Thorough };

    private static readonly TestDevice Interpreter = new("PTX interpreter", () => PtxLauncher.OpenDevice());

    public static IReadOnlyList<TestDevice> All { get; } =
    [
        new("Reference", () => Devices.Open(DeviceKind.Reference)),
        Cpu(CpuInstructionSet.Avx512),
        Cpu(CpuInstructionSet.Avx2),
        Cpu(CpuInstructionSet.Portable),
        Emulator,
        Interpreter,
        new("Cuda", () => Devices.Open(DeviceKind.Cuda, precision: MatMulPrecision.Float32)),
        new("OpenCL", () => Devices.Open(DeviceKind.OpenCL)),
        new("OpenCL by PoCL", PoclDevice.Open) { Category = TestCategory.Thorough },
    ];

    /// <summary>Those that are there: an absent one has no tests, rather than hundreds of skipped ones.</summary>
    public static IEnumerable<TestDevice> Present => All.Where(device => device.Absence is null);

    /// <summary>Those that multiply in TF32.</summary>
    public static IReadOnlyList<TestDevice> TensorCores { get; } =
    [
        new("PTX interpreter in TF32", () => PtxLauncher.OpenDevice(precision: MatMulPrecision.TF32)),
        new("Cuda in TF32", () => Devices.Open(DeviceKind.Cuda, precision: MatMulPrecision.TF32)),
    ];

    public static IEnumerable<TestDevice> WithTensorCores => TensorCores.Where(device => device.Absence is null);

    /// <summary>A fixture for each of these devices.</summary>
    public static IEnumerable<TestFixtureData> Fixtures => Present.Select(device => device.Fixture(device.Category));

    /// <summary>For long lists of cases: without the emulator, and with the PTX interpreter where time doesn't matter.</summary>
    public static IEnumerable<TestFixtureData> FastFixtures =>
        Present.Where(device => device != Emulator).Select(device => device.Fixture(device == Interpreter ? TestCategory.Thorough : device.Category));

    /// <summary>For a sample of the long lists: the other two.</summary>
    public static IEnumerable<TestFixtureData> SlowFixtures => [Emulator.Fixture(category: null), Interpreter.Fixture(category: null)];

    /// <summary>Why there is no device whose name begins so, in a sentence; null if there is one.</summary>
    public static string? WhyAbsent(string name)
    {
        TestDevice[] named = [.. All.Where(device => $"{device}".StartsWith(name, StringComparison.OrdinalIgnoreCase))];
        return named.Length == 0 ? $"no test device is called {name}: there are {string.Join(", ", All)}"
            : named.Any(device => device.Absence is null) ? null
            : $"{name} must be there, and is absent: {string.Join("; ", named.Select(device => $"{device}: {device.Absence}"))}";
    }

    /// <summary>Where the machine lacks the vectors they are emulated: their kernels are tested everywhere.</summary>
    private static TestDevice Cpu(CpuInstructionSet instructionSet) => new(
        $"Cpu {instructionSet}",
        () => new CpuDevice(1, instructionSet, emulate: true),
        () => new CpuDevice(2, instructionSet, emulate: true),
        () => new CpuDevice(3, instructionSet, emulate: true));
}

/// <summary>
/// A device configuration, opened when first asked for and shared by the whole run. No device serves two threads: its fixtures take turns.
/// </summary>
/// <param name="name">What the tests' names show.</param>
/// <param name="open">Opens the instances; all of them must give the same bits (a CPU with any number of threads).</param>
public sealed class TestDevice(string name, params Func<IDevice>[] open) : IDisposable
{
    private readonly Lazy<(IReadOnlyList<IDevice> Instances, string? Absence)> _opened = new(() => Open(open));
    private readonly SemaphoreSlim _turn = new(1);

    public IReadOnlyList<IDevice> Instances => _opened.Value.Instances;

    /// <summary>Of its fixtures; null for none.</summary>
    public string? Category { get; init; }

    /// <summary>What a fixture source yields for it.</summary>
    public TestFixtureData Fixture(string? category)
    {
        TestFixtureData data = new(this);
        if (category is not null)
        {
            data.Properties.Add(NUnit.Framework.Internal.PropertyNames.Category, category);
        }
        return data;
    }

    /// <summary>The instance that single-device tests use.</summary>
    public IDevice First => Instances[0];

    public DeviceKind Kind => First.Description.Kind;

    /// <summary>Whether exp, log and their kin are a GPU's approximations, or OpenCL's with their wider permitted errors.</summary>
    public bool Approximates => Kind is DeviceKind.Cuda or DeviceKind.OpenCL;

    /// <summary>Why the device isn't there, if it isn't.</summary>
    public string? Absence => _opened.Value.Absence;

    public override string ToString() => name;

    public void TakeTurn() => _turn.Wait();

    public void EndTurn() => _turn.Release();

    public void Dispose()
    {
        _turn.Dispose();
        if (_opened.IsValueCreated)
        {
            foreach (IDevice instance in Instances)
            {
                instance.Dispose();
            }
        }
    }

    private static (IReadOnlyList<IDevice> Instances, string? Absence) Open(Func<IDevice>[] open)
    {
        List<IDevice> instances = [];
        try
        {
            foreach (Func<IDevice> instance in open)
            {
                instances.Add(instance());
            }
            return (instances, null);
        }
        catch (DeviceUnavailableException absence)
        {
            instances.ForEach(instance => instance.Dispose());
            return ([], absence.Message);
        }
    }
}

/// <summary>The base of the tests of an operation: one fixture for each device that is there.</summary>
[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.Fixtures))]
public abstract class DeviceFixture(TestDevice device) : BufferCountingFixture(device);

/// <summary>The same, but for the emulator.</summary>
[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.FastFixtures))]
public abstract class FastDeviceFixture(TestDevice device) : BufferCountingFixture(device);

public abstract class BufferCountingFixture(TestDevice device)
{
    private int[] _lentBefore = [];

    protected TestDevice Device { get; } = device;

    private int[] Lent => [.. Device.Instances.Select(instance => instance.Memory.LentBuffers)];

    [SetUp]
    public void Count_the_buffers_that_are_lent()
    {
        Device.TakeTurn();
        _lentBefore = Lent;
    }

    [TearDown]
    public void No_buffer_stays_lent()
    {
        int[] lent = Lent;
        Device.EndTurn();
        Assert.That(lent, Is.EqualTo(_lentBefore), $"buffers of {Device} that nobody gave back");
    }
}
