using System.Formats.Tar;
using System.Text;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

public class CifarTests
{
    private const int TarBlock = 512;

    [Test]
    public void Reads_records_row_by_row_in_colour([Values] bool packed)
    {
        byte[] batch = CifarFiles.Batch(0, 12);
        ImageSet set = Hostile.Parse(packed ? IdxFiles.Gzip(batch) : batch, Cifar10);
        Assert.That(set.Labels.ToArray(), Is.EqualTo(new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1 }));
        AssertPixels(set);
    }

    [Test]
    public void The_fine_label_of_CIFAR_100_is_its_label()
    {
        byte[] batch = CifarFiles.Batch(0, 3, labelBytes: 2);
        batch[0] = 19;
        batch[1] = 99;
        ImageSet set = Hostile.Parse(batch, file => CifarBinary.Read(file, PublishedDataset.Cifar100, labelBytes: 2));
        Assert.That(set.Labels.ToArray(), Is.EqualTo(new byte[] { 99, 1, 2 }));
        Assert.That(set.ClassNames[99], Is.EqualTo("worm"));
        Assert.That(set.ClassNames, Is.Unique.And.Count.EqualTo(100).And.Ordered);
        Assert.That(set.Image(2)[95], Is.EqualTo(CifarFiles.Pixel(2, 0, 31, 2)));
    }

    [Test]
    public void Refuses_what_is_no_batch()
    {
        Hostile.AssertRefused(CifarFiles.Batch(0, 2)[..^1], Cifar10, "6145 bytes are not a whole number of CIFAR-10's records of 3073 bytes");
        Hostile.AssertRefused([], Cifar10, "0 bytes");
        byte[] foreign = CifarFiles.Batch(0, 2);
        foreign[3073] = 10;
        Hostile.AssertRefused(foreign, Cifar10, "the label 10, but CIFAR-10 has 10 classes");
        Hostile.AssertRefused(IdxFiles.Gzip(new byte[3073 << 10]), Cifar10, "it unpacks to more than 20 times its size");
    }

    [Test]
    public void Any_mutation_of_a_batch_is_read_or_refused([Values] bool packed)
    {
        byte[] whole = packed ? IdxFiles.Gzip(CifarFiles.Batch(0, 2)) : CifarFiles.Batch(0, 2);
        Hostile.AssertReadOrRefused(5000, random => Mutation.Of(whole, random, headerLength: 20), Cifar10);
    }

    [Test]
    public void An_archives_batches_come_in_their_own_order(
        [Values(TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu)] TarEntryFormat format)
    {
        ImageSets sets = Hostile.Parse(IdxFiles.Gzip(CifarFiles.Archive(format, CifarFiles.Names)), Archive);
        Assert.That(sets.Train.Labels.ToArray(), Is.EqualTo(new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }));
        Assert.That(sets.Test.Count, Is.EqualTo(2));
        AssertPixels(sets.Train);
    }

    [Test]
    public void Refuses_an_incomplete_archive()
    {
        byte[] whole = CifarFiles.Archive(names: CifarFiles.Names);
        Hostile.AssertRefused(CifarFiles.Archive(names: CifarFiles.Names[1..]), Archive, "it has no file data_batch_4.bin");
        Hostile.AssertRefused(CifarFiles.Archive(names: [.. CifarFiles.Names, CifarFiles.Names[0]]), Archive, "it has two files data_batch_4.bin");
        Hostile.AssertRefused(Encoding.ASCII.GetBytes(new string('x', 2000)), Archive, "not a tar archive");
        Hostile.AssertRefused(new byte[1024], Archive, "it has no file data_batch_1.bin");
        foreach (int length in new[] { 0, 511, 513, 5000, whole.Length / 2, whole.Length - (2 * TarBlock) - 1 })
        {
            Hostile.AssertRefused(whole[..length], Archive);
            byte[] packed = IdxFiles.Gzip(whole);
            Hostile.AssertRefused(packed[..Math.Min(length, packed.Length - 1)], Archive);
        }
    }

    [TestCase('L')]
    [TestCase('K')]
    [TestCase('x')]
    [TestCase('g')]
    [TestCase('0')]
    public void A_forged_length_in_an_archive_costs_nothing(char type)
    {
        byte[] archive = CifarFiles.Archive(names: CifarFiles.Names);
        archive[156] = (byte)type;
        Encoding.ASCII.GetBytes("17777777777\0").CopyTo(archive, 124);
        Seal(archive);
        Hostile.AssertRefused(archive, Archive, "truncated");
        Hostile.AssertRefused(IdxFiles.Gzip(archive), Archive);
    }

    [Test]
    public void Nothing_of_an_archive_reaches_the_disk()
    {
        using TemporaryFolder folder = new();
        // The second header is that of the first file, after the folder's.
        byte[] archive = CifarFiles.Archive(names: CifarFiles.Names);
        archive.AsSpan(TarBlock, 100).Clear();
        Encoding.ASCII.GetBytes($"../../../../../../../..{folder[$"escaped/{CifarFiles.Names[0]}"]}").CopyTo(archive, TarBlock);
        Seal(archive, TarBlock);
        Assert.That(Hostile.Parse(archive, Archive).Train.Count, Is.EqualTo(10));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void Any_mutation_of_an_archive_is_read_or_refused([Values] bool packed)
    {
        byte[] whole = packed ? IdxFiles.Gzip(CifarFiles.Archive(names: CifarFiles.Names)) : CifarFiles.Archive(names: CifarFiles.Names);
        Hostile.AssertReadOrRefused(2500, random => Mutation.Of(whole, random, headerLength: TarBlock), Archive);
    }

    [Test]
    public void Any_forged_header_with_a_right_checksum_is_read_or_refused([Values(TarEntryFormat.Ustar, TarEntryFormat.Pax)] TarEntryFormat format)
    {
        byte[] whole = CifarFiles.Archive(format, CifarFiles.Names);
        int[] headers =
        [
            .. Enumerable.Range(0, whole.Length / TarBlock).Select(block => block * TarBlock)
                .Where(at => whole.AsSpan(at + 257).StartsWith("ustar"u8)),
        ];
        Hostile.AssertReadOrRefused(
            2500,
            random =>
            {
                byte[] mutated = [.. whole];
                int header = headers[random.Next(headers.Length)];
                // Size, date, checksum and type.
                Span<byte> fields = mutated.AsSpan(header + 124, 33);
                byte[] forged = Mutation.Of(fields.ToArray(), random, headerLength: 12);
                forged.AsSpan(0, Math.Min(forged.Length, fields.Length)).CopyTo(fields);
                Seal(mutated, header);
                return mutated;
            },
            Archive);
    }

    /// <summary>Makes a header's checksum right.</summary>
    private static void Seal(byte[] archive, int header = 0)
    {
        Span<byte> checksum = archive.AsSpan(header + 148, 8);
        checksum.Fill((byte)' ');
        int sum = archive.AsSpan(header, TarBlock).ToArray().Sum(value => value);
        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0").CopyTo(checksum);
    }

    private static void AssertPixels(ImageSet set)
    {
        foreach ((int n, int row, int column, int channel) in new[] { (0, 0, 0, 0), (9, 31, 31, 2), (5, 3, 17, 1), (7, 17, 3, 2) })
        {
            Assert.That(set.Image(n)[(((row * 32) + column) * 3) + channel], Is.EqualTo(CifarFiles.Pixel(n, row, column, channel)));
        }
    }

    private static ImageSet Cifar10(UntrustedStream file) => CifarBinary.Read(file, PublishedDataset.Cifar10, labelBytes: 1);

    private static ImageSets Archive(UntrustedStream file) => new CifarArchiveLayout(CifarNames.Cifar10).ReadArchive(file, PublishedDataset.Cifar10);
}
