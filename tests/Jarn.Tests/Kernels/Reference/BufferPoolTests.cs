using Jarn.Kernels;

namespace Jarn.Tests.Kernels.Reference;

public sealed class BufferPoolTests
{
    private readonly List<CountedBuffer> _allocated = [];
    private ReferenceDevice _device = null!;
    private BufferPool _pool = null!;

    [SetUp]
    public void Start_a_pool()
    {
        _allocated.Clear();
        _device = new ReferenceDevice();
        _pool = new BufferPool(length =>
        {
            _allocated.Add(new CountedBuffer(_device, length));
            return _allocated[^1];
        });
    }

    [TearDown]
    public void End_it()
    {
        _pool.Dispose();
        _device.Dispose();
    }

    [Test]
    public void A_returned_buffer_is_lent_again_at_the_same_length()
    {
        DeviceBuffer first = _pool.Rent(8);
        _pool.Return(first);
        DeviceBuffer second = _pool.Rent(8);
        Assert.That(second, Is.SameAs(first));
    }

    [Test]
    public void Another_length_gets_another_buffer()
    {
        _pool.Return(_pool.Rent(8));
        Assert.That(_pool.Rent(7).Length, Is.EqualTo(7));
        Assert.That(_allocated, Has.Count.EqualTo(2));
    }

    [Test]
    public void Buffers_lent_at_a_time_are_different_ones()
    {
        DeviceBuffer first = _pool.Rent(8), second = _pool.Rent(8);
        Assert.That(second, Is.Not.SameAs(first));
    }

    [Test]
    public void Use_counts_what_is_lent_reserved_and_the_peak()
    {
        DeviceBuffer a = _pool.Rent(8), b = _pool.Rent(3);
        Assert.That(_pool.Use, Is.EqualTo(new MemoryUse(LentBuffers: 2, LentElements: 11, PeakElements: 11, ReservedElements: 11)));
        _pool.Return(a);
        Assert.That(_pool.Use, Is.EqualTo(new MemoryUse(1, 3, 11, 11)));
        _pool.Return(b);
        _pool.Rent(8);
        Assert.That(_pool.Use, Is.EqualTo(new MemoryUse(1, 8, 11, 11)));
    }

    [Test]
    public void Returning_a_buffer_twice_is_refused()
    {
        DeviceBuffer buffer = _pool.Rent(8);
        _pool.Return(buffer);
        Assert.That(() => _pool.Return(buffer), Throws.InstanceOf<ObjectDisposedException>());
    }

    [TestCase(0)]
    [TestCase(-8)]
    public void A_length_below_one_is_refused(int length) => Assert.That(() => _pool.Rent(length), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Trim_frees_what_nobody_holds()
    {
        DeviceBuffer held = _pool.Rent(8);
        _pool.Return(_pool.Rent(3));
        _pool.Trim();
        Assert.Multiple(() =>
        {
            Assert.That(_allocated.Select(buffer => buffer.Freed), Is.EqualTo(new[] { 0, 1 }));
            Assert.That(_pool.Use.ReservedElements, Is.EqualTo(8));
            Assert.That(held.IsLent, Is.True);
        });
    }

    [Test]
    public void Dispose_frees_each_buffer_once_however_often_it_is_called()
    {
        DeviceBuffer held = _pool.Rent(8);
        _pool.Return(_pool.Rent(3));
        _pool.Dispose();
        _pool.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(_allocated.Select(buffer => buffer.Freed), Is.EqualTo(new[] { 1, 1 }));
            Assert.That(held.IsLent, Is.False);
            Assert.That(_pool.Use, Is.EqualTo(default(MemoryUse)));
        });
    }

    [Test]
    public void A_devices_buffer_may_be_disposed_twice_but_not_used_again()
    {
        DeviceBuffer buffer = _device.Allocate(8);
        buffer.Dispose();
        buffer.Dispose();
        Assert.That(() => _device.Fill(0, buffer), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(_device.Memory.LentBuffers, Is.Zero);
    }

    [Test]
    public void A_buffer_may_outlive_its_device()
    {
        DeviceBuffer buffer = _device.Allocate(8);
        _device.Dispose();
        Assert.That(buffer.Dispose, Throws.Nothing);
    }

    private sealed class CountedBuffer(IDevice device, int length) : DeviceBuffer(device, length)
    {
        public int Freed { get; private set; }

        protected internal override void Free() => Freed++;
    }
}
