using Jarn.Runner;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

public class IdxTests
{
    private const int SmallAllocation = 8 << 20;

    [Test]
    public void Reads_images_plain_and_packed([Values] bool packed)
    {
        byte[] plain = IdxFiles.Images(3, side: 5);
        IdxArray array = Idx.Parse(packed ? IdxFiles.Gzip(plain) : plain, "x", rank: 3);
        Assert.That(array.Dimensions, Is.EqualTo(new[] { 3, 5, 5 }));
        Assert.That(array.Values, Is.EqualTo(plain[16..]));
    }

    [Test]
    public void Reads_more_than_its_first_buffer()
    {
        byte[] plain = IdxFiles.Images(3000);
        Assert.That(Idx.Parse(plain, "x", rank: 3).Values.AsSpan().SequenceEqual(plain.AsSpan(16)), Is.True);
    }

    [Test]
    public void Refuses_every_truncation([Values] bool packed)
    {
        byte[] whole = packed ? IdxFiles.Gzip(IdxFiles.Labels(300)) : IdxFiles.Labels(300);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.That(() => Idx.Parse(whole[..length], "x", rank: 1), Throws.TypeOf<UserErrorException>(), $"{length} of {whole.Length} bytes");
        }
    }

    [Test]
    public void Refuses_what_follows([Values] bool packed)
    {
        byte[] longer = [.. IdxFiles.Labels(30), 0];
        Assert.That(
            () => Idx.Parse(packed ? IdxFiles.Gzip(longer) : longer, "some/file", rank: 1),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("some/file").And.Message.Contains("follows the 30 values"));
    }

    [Test]
    public void Refuses_another_rank_or_type()
    {
        Assert.That(() => Idx.Parse(IdxFiles.Labels(30), "x", rank: 3), Throws.TypeOf<UserErrorException>().With.Message.Contains("0x00000801"));
        byte[] floats = IdxFiles.Labels(30);
        floats[2] = 0x0d;
        Assert.That(() => Idx.Parse(floats, "x", rank: 1), Throws.TypeOf<UserErrorException>());
    }

    [TestCase(int.MaxValue, 28, 28)]
    [TestCase(int.MaxValue, int.MaxValue, int.MaxValue)]
    [TestCase(-1, -1, 28)]
    [TestCase(0, 28, 28)]
    [TestCase(1 << 16, 1 << 16, 1)]
    public void Forged_dimensions_cost_nothing(int count, int height, int width)
    {
        byte[] forged = IdxFiles.Encode(new byte[784], count, height, width);
        foreach (byte[] file in new[] { forged, IdxFiles.Gzip(forged) })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.That(() => Idx.Parse(file, "x", rank: 3), Throws.TypeOf<UserErrorException>());
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(SmallAllocation));
        }
    }

    [TestCase(10, TestName = "A bomb behind a modest header is not unpacked")]
    [TestCase(32 << 20, TestName = "A bomb announced by its header is not unpacked")]
    public void A_gzip_bomb_is_not_unpacked(int claimed)
    {
        byte[] bomb = IdxFiles.Gzip(IdxFiles.Encode(new byte[32 << 20], claimed));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Idx.Parse(bomb, "x", rank: 1), Throws.TypeOf<UserErrorException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(SmallAllocation));
    }

    [Test]
    public void Any_mutation_is_read_or_refused([Values] bool packed)
    {
        byte[] whole = packed ? IdxFiles.Gzip(IdxFiles.Images(2, side: 7)) : IdxFiles.Images(2, side: 7);
        Random random = new(20);
        int refused = 0;
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] mutated = Mutation.Of(whole, random, headerLength: 20);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Idx.Parse(mutated, "x", rank: 3);
            }
            catch (UserErrorException)
            {
                refused++;
            }
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(SmallAllocation));
        }
        Assert.That(refused, Is.GreaterThan(500));
    }
}
