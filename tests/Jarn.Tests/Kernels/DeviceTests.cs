using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>Buffers, transfers and <see cref="FillCall"/>.</summary>
public sealed class DeviceTests(TestDevice device) : DeviceFixture(device)
{
    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void Floats_survive_the_round_trip(int length)
    {
        float[] sent = Sample.Normal(length, seed: 1), received = new float[length];
        using DeviceBuffer buffer = Device.First.Allocate(length);
        Device.First.Upload(sent.AsSpan(), buffer);
        Device.First.Download(buffer, received.AsSpan());
        Assert.That(received, Is.EqualTo(sent));
    }

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void Doubles_survive_the_round_trip_rounded_to_the_devices_precision(int length)
    {
        double[] sent = [.. Enumerable.Range(1, length).Select(i => 1.0 / i)], received = new double[length];
        using DeviceBuffer buffer = Device.First.Allocate(length);
        Device.First.Upload(sent.AsSpan(), buffer);
        Device.First.Download(buffer, received.AsSpan());
        double[] expected = Device.First.Description.ElementBytes == sizeof(double) ? sent : Array.ConvertAll(sent, value => (double)(float)value);
        Assert.That(received, Is.EqualTo(expected));
    }

    [Test]
    public void A_transfer_of_another_length_is_refused()
    {
        using DeviceBuffer buffer = Device.First.Allocate(8);
        Assert.Multiple(() =>
        {
            Assert.That(() => Device.First.Upload(new float[7].AsSpan(), buffer), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Device.First.Upload(new double[9].AsSpan(), buffer), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Device.First.Download(buffer, new float[9].AsSpan()), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Device.First.Download(buffer, new double[7].AsSpan()), Throws.InstanceOf<ArgumentException>());
        });
    }

    [Test]
    public void A_transfer_to_or_from_another_devices_buffer_is_refused()
    {
        using ReferenceDevice other = new();
        using DeviceBuffer buffer = other.Allocate(8);
        Assert.Multiple(() =>
        {
            Assert.That(() => Device.First.Upload(new float[8].AsSpan(), buffer), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Device.First.Upload(new double[8].AsSpan(), buffer), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Device.First.Download(buffer, new float[8].AsSpan()), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Device.First.Download(buffer, new double[8].AsSpan()), Throws.InstanceOf<ArgumentException>());
        });
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void A_buffer_holds_at_least_one_element(int length) =>
        Assert.That(() => Device.First.Allocate(length), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Memory_counts_what_is_lent()
    {
        MemoryUse before = Device.First.Memory;
        DeviceBuffer buffer = Device.First.Allocate(31), other = Device.First.Allocate(9);
        MemoryUse during = Device.First.Memory;
        buffer.Dispose();
        buffer.Dispose();
        other.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(during.LentBuffers - before.LentBuffers, Is.EqualTo(2));
            Assert.That(during.LentElements - before.LentElements, Is.EqualTo(40));
            Assert.That(Device.First.Memory.LentBuffers, Is.EqualTo(before.LentBuffers));
            Assert.That(Device.First.Memory.LentElements, Is.EqualTo(before.LentElements));
        });
    }

    [TestCaseSource(typeof(Lengths), nameof(Lengths.Tails))]
    public void Fill_writes_every_element(int length) =>
        Conformance.Check(Device, new Call([], [Call.Unwritten(length)], (d, _, y) => d.Fill(-0.75, y[0])), Tolerance.Exact);

    [Test]
    public void Fill_refuses_buffers_that_cannot_be_right() =>
        Conformance.CheckRefusals(Device, new Call([], [Call.Unwritten(8)], (d, _, y) => d.Fill(1, y[0])), lengthIsFree: true);
}

/// <summary>Lengths around those of vectors, blocks and warps.</summary>
public static class Lengths
{
    public static int[] Tails { get; } = [1, 7, 8, 9, 31, 33, 1000, 4097];
}
