using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>The harness itself: each fault that it is there for is committed once.</summary>
public sealed class ConformanceTests
{
    private static readonly float[] Data = Sample.Normal(9, seed: 1);

    [Test]
    public void Devices_under_test()
    {
        foreach (TestDevice device in TestDevices.All)
        {
            TestContext.Out.WriteLine(
                device.Absence is string absence ? $"{device}: not tested: {absence}" : $"{device}: {device.First.Description}");
        }
        Assert.That(TestDevices.All[0].Absence, Is.Null, "the reference is always there");
    }

    /// <summary>
    /// An absent device has no tests that could fail: $JARN_TEST_DEVICES names those that must be there, as in cpu,emulator,opencl.
    /// </summary>
    [Test]
    public void Devices_that_must_be_there_are() => Assert.That(
        (Environment.GetEnvironmentVariable("JARN_TEST_DEVICES") ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(TestDevices.WhyAbsent), Is.All.Null);

    [TestCase("reference", null)]
    [TestCase("CPU", null)]
    [TestCase("tpu", "no test device is called tpu: there are Reference, Cpu Avx512, ")]
    public void A_device_that_is_absent_is_named(string name, string? sentence) =>
        Assert.That(TestDevices.WhyAbsent(name), sentence is null ? Is.Null : Does.StartWith(sentence));

    [Test]
    public void A_right_result_has_no_fault() => Assert.That(FaultOf((d, x, y) => d.Map(new Square(), x[0], y[0])), Is.Null);

    [Test]
    public void A_wrong_element_is_named() =>
        Assert.That(
            FaultOf((d, _, y) => d.Upload(WithFifth(IsOracle(d) ? 1 : 1.5f), y[0])), Does.Contain("[4] is 1.5, the reference's 1, tolerance"));

    [Test]
    public void An_error_within_the_tolerance_passes() =>
        Assert.That(FaultOf((d, _, y) => d.Upload(WithFifth(IsOracle(d) ? 1 : 1.5f), y[0]), Tolerance.Relative(0.5 * (1L << 53))), Is.Null);

    [Test]
    public void Infinity_is_no_tolerance() =>
        Assert.That(FaultOf((d, _, y) => d.Upload(WithFifth(IsOracle(d) ? float.PositiveInfinity : 1), y[0])), Does.Contain("[4] is 1"));

    [Test]
    public void An_unwritten_element_is_named() =>
        Assert.That(
            FaultOf((d, _, y) => d.Place(y[1], new WindowGeometry(1, 9, 1, 1, 8), y[0]), Tolerance.Exact), Does.Contain("[0] was not written"));

    [Test]
    public void A_changed_input_is_named() =>
        Assert.That(FaultOf((d, x, y) => { d.Map(new Square(), x[0], y[0]); d.Fill(7, x[0]); }), Does.Contain("input 0 was changed at [0]"));

    [Test]
    public void A_run_that_differs_from_the_first_is_named()
    {
        int runs = 0;
        Assert.That(
            FaultOf((d, _, y) => d.Fill(++runs > 2 ? 1 + 1e-9 : 1, y[0]), Tolerance.Relative(1e9)), Does.Contain("other bits in another run at [0]"));
    }

    /// <summary>A tensor core's TF32 would pass for float32 if the tolerance of a sum were guessed rather than derived.</summary>
    [TestCase(9)]
    [TestCase(144)]
    [TestCase(1440)]
    public void Products_of_eleven_bits_are_beyond_a_sums_tolerance(int terms)
    {
        using CpuDevice device = new(threads: 1);
        float[] a = Sample.Normal(33 * terms, seed: 2), b = Sample.Normal(terms * 33, seed: 3);
        Call call = new([a, b], [Call.Unwritten(33 * 33)], (d, x, y) =>
        {
            using DeviceBuffer left = d.Allocate(a.Length);
            d.Upload(d == device ? Array.ConvertAll(a, ElevenBits) : a, left);
            d.MatMul(left, x[1], new MatMulGeometry(33, 33, terms), y[0]);
        });
        Assert.That(Conformance.Fault([device], call, Tolerance.Sum(terms)), Does.Contain("elements are wrong"));

        static float ElevenBits(float value) => BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(value) + 0x1000) & ~0x1FFFu);
    }

    private static ReferenceDevice? _underTest;

    private static bool IsOracle(IDevice device) => device != _underTest;

    private static float[] WithFifth(float value) => [0, 0, 0, 0, value, 0, 0, 0, 0];

    private static string? FaultOf(Operation run, Tolerance? tolerance = null)
    {
        using ReferenceDevice device = new();
        _underTest = device;
        Call call = new([Data], [Call.Unwritten(9), Data[..8]], run);
        return Conformance.Fault([device], call, tolerance ?? Tolerance.Relative(2));
    }
}
