using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

public class IdxTests
{
    [Test]
    public void Reads_images_plain_and_packed([Values] bool packed)
    {
        byte[] plain = IdxFiles.Images(3, side: 5);
        IdxArray array = Hostile.Parse(packed ? IdxFiles.Gzip(plain) : plain, Images);
        Assert.That(array.Dimensions, Is.EqualTo(new[] { 3, 5, 5 }));
        Assert.That(array.Values, Is.EqualTo(plain[16..]));
    }

    [Test]
    public void Reads_more_than_its_first_buffer()
    {
        // Labels that compress more than images do.
        byte[] plain = IdxFiles.Labels(600_000);
        Assert.That(Hostile.Parse(IdxFiles.Gzip(plain), Labels).Values.AsSpan().SequenceEqual(plain.AsSpan(8)), Is.True);
    }

    [Test]
    public void Refuses_every_truncation([Values] bool packed) =>
        Hostile.AssertEveryTruncationRefused(packed ? IdxFiles.Gzip(IdxFiles.Labels(300)) : IdxFiles.Labels(300), Labels);

    [Test]
    public void Refuses_what_follows([Values] bool packed)
    {
        byte[] longer = [.. IdxFiles.Labels(30), 0];
        Hostile.AssertRefused(packed ? IdxFiles.Gzip(longer) : longer, Labels, "something follows the 38 bytes");
    }

    [Test]
    public void Refuses_another_rank_or_type()
    {
        Hostile.AssertRefused(IdxFiles.Labels(30), Images, "0x00000801");
        byte[] floats = IdxFiles.Labels(30);
        floats[2] = 0x0d;
        Hostile.AssertRefused(floats, Labels, "0x00000d01");
    }

    [TestCase(int.MaxValue, 28, 28)]
    [TestCase(int.MaxValue, int.MaxValue, int.MaxValue)]
    [TestCase(-1, -1, 28)]
    [TestCase(0, 28, 28)]
    [TestCase(1 << 16, 1 << 16, 1)]
    [TestCase(1 << 10, 1 << 10, 1 << 10)]
    public void Forged_dimensions_cost_nothing(int count, int height, int width)
    {
        byte[] forged = IdxFiles.Encode(new byte[784], count, height, width);
        Hostile.AssertRefused(forged, Images);
        Hostile.AssertRefused(IdxFiles.Gzip(forged), Images);
    }

    [TestCase(10, TestName = "A bomb behind a modest header is not unpacked")]
    [TestCase(32 << 20, TestName = "A bomb announced by its header is not unpacked")]
    public void A_gzip_bomb_is_not_unpacked(int claimed) =>
        Hostile.AssertRefused(IdxFiles.Gzip(IdxFiles.Encode(new byte[32 << 20], claimed)), Labels);

    [Test]
    public void Any_mutation_is_read_or_refused([Values] bool packed)
    {
        byte[] whole = packed ? IdxFiles.Gzip(IdxFiles.Images(2, side: 7)) : IdxFiles.Images(2, side: 7);
        Hostile.AssertReadOrRefused(3000, random => Mutation.Of(whole, random, headerLength: 20), Images);
    }

    private static IdxArray Images(UntrustedStream file) => Idx.Read(file, rank: 3);

    private static IdxArray Labels(UntrustedStream file) => Idx.Read(file, rank: 1);
}
