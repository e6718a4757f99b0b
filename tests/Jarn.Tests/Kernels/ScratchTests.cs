using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed unsafe class ScratchTests
{
    /// <summary>The C library ends a process that frees memory twice.</summary>
    [Test]
    public void Memory_that_was_freed_for_an_allocation_that_failed_is_not_freed_again()
    {
        using Scratch scratch = new();
        *scratch.Reserve<float>(slot: 0, count: 100) = 1;
        Assert.That(() => Reserve(nint.MaxValue / 8), Throws.InstanceOf<OutOfMemoryException>());
        Assert.That(() => Reserve(nint.MaxValue / 8), Throws.InstanceOf<OutOfMemoryException>());
        float* room = scratch.Reserve<float>(slot: 0, count: 1000);
        room[999] = 2;
        Assert.That(room[999], Is.EqualTo(2));

        void Reserve(nint count) => scratch.Reserve<float>(slot: 0, count);
    }
}
