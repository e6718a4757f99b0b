using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

/// <summary>Every way to end a gzip file that <c>gzip -t</c> accepts, and a name for every fault.</summary>
public sealed class GzipMembersTests
{
    private static readonly byte[] Noise = Bytes(40_000);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(511)]
    [TestCase(20_000)]
    public void Members_one_after_another_and_zeros_behind_them_are_read(int zeros)
    {
        byte[] file =
        [
            .. Gzip(Noise[..100]), .. Gzip([]), .. Gzip([]), .. Gzip(Noise[100..30_000]), .. Gzip(Noise[30_000..]), .. Gzip([]), .. new byte[zeros],
        ];
        Assert.That(Hostile.Parse(file, All), Is.EqualTo(Noise));
    }

    [Test]
    public void A_member_may_end_anywhere_in_what_is_read_at_once()
    {
        for (int length = 8150; length < 8210; length++)
        {
            byte[] file = [.. Gzip(Noise[..length]), .. Gzip(Noise[length..])];
            Assert.That(Hostile.Parse(file, All), Is.EqualTo(Noise), $"{length} bytes in the first member");
        }
    }

    [Test]
    public void What_a_header_may_say_besides_is_passed_over()
    {
        byte[] packed = Gzip(Noise);
        foreach ((byte flags, byte[] fields) in new (byte, byte[])[]
        {
            (1 << 2, [3, 0, 1, 2, 3]), (1 << 3, "name\0"u8.ToArray()), (1 << 4, "comment\0"u8.ToArray()), (1 << 1, [7, 8]), (1, []),
            (0x1f, [1, 0, 9, .. "name\0comment\0"u8, 7, 8]),
        })
        {
            byte[] header = packed[..10];
            header[3] = flags;
            Assert.That(Hostile.Parse([.. header, .. fields, .. packed[10..], .. packed], All), Is.EqualTo((byte[])[.. Noise, .. Noise]));
        }
    }

    [Test]
    public void A_wrong_trailer_is_named()
    {
        byte[] crc = Gzip(Noise), length = Gzip(Noise);
        crc[^8] ^= 1;
        length[^4] ^= 1;
        Hostile.AssertRefused(crc, All, "it is damaged: the CRC-32 of its content is ", ", and its gzip trailer says ");
        Hostile.AssertRefused(length, All, "it is damaged: its content has 40000 bytes, and its gzip trailer says 40001");
        Hostile.AssertRefused([.. crc, .. Gzip(Noise)], All, "the CRC-32 of its content");
        byte[] empty = Gzip([]);
        empty[^1] = 1;
        Hostile.AssertRefused(empty, All, "its content has 0 bytes, and its gzip trailer says 16777216");
    }

    [Test]
    public void Damage_is_told_from_something_that_follows()
    {
        Hostile.AssertRefused([.. Gzip(Noise), .. "garbage"u8], All, $"something that is not gzip follows its content, at byte {Gzip(Noise).Length}");
        Hostile.AssertRefused([.. Gzip(Noise), 0, 0, 1], All, "something that is not gzip follows its content");
        byte[] block = Gzip(Noise), method = Gzip(Noise);
        block[10] = 0x07;
        method[2] = 9;
        Hostile.AssertRefused(block, All, "its compressed data are damaged");
        Hostile.AssertRefused(method, All, "its gzip header is damaged");
        Hostile.AssertRefused(Gzip(Noise)[..^1], All, "it is truncated");
        Hostile.AssertRefused([.. Gzip(Noise), 0x1f, 0x8b, 8], All, "it is truncated");
    }

    [Test]
    public void A_page_or_a_pointer_in_a_data_files_place_is_named()
    {
        Hostile.AssertRefused("<!DOCTYPE html><html><body>404"u8.ToArray(), Idx3, "it is a web page");
        Hostile.AssertRefused(
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"u8.ToArray(), Idx3, "it is a Git LFS pointer: 'git lfs pull'");
    }

    [Test]
    public void Every_truncation_within_a_member_is_refused()
    {
        byte[] first = Gzip(IdxFiles.Labels(40)[..20]), second = Gzip(IdxFiles.Labels(40)[20..]);
        Hostile.AssertEveryTruncationRefused([.. first, .. second], file => Idx.Read(file, rank: 1));
    }

    [Test]
    public void Any_mutation_is_read_or_refused()
    {
        byte[] images = IdxFiles.Images(2, side: 7), whole = [.. Gzip(images[..40]), .. Gzip([]), .. Gzip(images[40..]), .. new byte[30]];
        Hostile.AssertReadOrRefused(5000, random => Mutation.Of(whole, random, headerLength: 90), Idx3);
    }

    [Test]
    public void Many_members_cost_no_memory_and_a_bomb_of_them_is_not_unpacked()
    {
        byte[] empty = Gzip([]), bomb = Gzip(new byte[1 << 20]);
        Assert.That(Hostile.Parse([.. Enumerable.Repeat(empty, 2000).SelectMany(member => member), .. Gzip([5])], All), Is.EqualTo(new byte[] { 5 }));
        Hostile.AssertRefused([.. Enumerable.Repeat(bomb, 64).SelectMany(member => member)], All, "it unpacks to more than 20 times its size");
    }

    [Test]
    public void A_batch_of_several_members_is_read()
    {
        byte[] batch = CifarFiles.Batch(0, 4);
        ImageSet set = Hostile.Parse(
            [.. Gzip(batch[..3000]), .. Gzip(batch[3000..])], file => CifarBinary.Read(file, PublishedDataset.Cifar10, labelBytes: 1));
        Assert.That(set.Labels.ToArray(), Is.EqualTo(new byte[] { 0, 1, 2, 3 }));
    }

    private static byte[] Gzip(byte[] content) => IdxFiles.Gzip(content) is { Length: > 0 } packed ? packed
        // .NET writes no member for no content.
        : [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] All(UntrustedStream file) => file.ReadRest();

    private static IdxArray Idx3(UntrustedStream file) => Idx.Read(file, rank: 3);

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(4).NextBytes(bytes);
        return bytes;
    }
}
