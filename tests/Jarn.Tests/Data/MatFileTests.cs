using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

public class MatFileTests
{
    [Test]
    public void Reads_images_row_by_row_in_colour([Values] bool compressed)
    {
        ImageSet set = Hostile.Parse(MatFiles.Svhn(12, compressed), Svhn);
        Assert.That((set.Count, set.Height, set.Width, set.Channels), Is.EqualTo((12, 32, 32, 3)));
        Assert.That(set.Labels.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2 }));
        foreach ((int n, int row, int column, int channel) in new[] { (0, 0, 0, 0), (11, 31, 31, 2), (5, 3, 17, 1), (7, 17, 3, 2) })
        {
            Assert.That(set.Image(n)[(((row * 32) + column) * 3) + channel], Is.EqualTo(MatFiles.Pixel(n, row, column, channel)));
        }
    }

    [Test]
    public void Reads_digits_of_any_type([Values] MatStorage storage)
    {
        double[] digits = [1, 2, 10, 9];
        byte[] numbers =
        [
            .. digits.SelectMany(digit => storage switch
            {
                MatStorage.Single => BitConverter.GetBytes((float)digit),
                MatStorage.Double => BitConverter.GetBytes(digit),
                _ => BitConverter.GetBytes((long)digit)[..MatArray.SizeOf(storage)],
            }),
        ];
        ImageSet set = Hostile.Parse(MatFiles.Encode(MatFiles.Array("y", storage, numbers, 4, 1), MatFiles.Images(4)), Svhn);
        Assert.That(set.Labels.ToArray(), Is.EqualTo(new byte[] { 1, 2, 0, 9 }));
    }

    [Test]
    public void Skips_what_is_not_asked_for([Values] bool compressed)
    {
        byte[][] others =
        [
            MatFiles.Structure("X"), MatFiles.Array("", MatStorage.UInt8, [1, 2, 3], 1, 3), MatFiles.Images(300, "more"), MatFiles.Element(14, []),
        ];
        // What is skipped isn't unpacked, or this bomb would be refused.
        byte[] bomb = MatFiles.Compress(MatFiles.Array("bomb", MatStorage.UInt8, new byte[30 << 20], 1, 30 << 20));
        byte[][] elements = [MatFiles.Digits(1), .. others, MatFiles.Images(1)];
        Assert.That(Hostile.Parse(MatFiles.Encode([bomb, .. compressed ? elements.Select(MatFiles.Compress) : elements]), Svhn).Count, Is.EqualTo(1));
    }

    [Test]
    public void Reads_the_single_image_that_has_lost_its_last_dimension()
    {
        byte[] image = MatFiles.Array("X", MatStorage.UInt8, new byte[3072], 32, 32, 3);
        Assert.That(Hostile.Parse(MatFiles.Encode(image, MatFiles.Digits(1)), Svhn).Count, Is.EqualTo(1));
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("no numeric arrays X and y", MatFiles.Images(2));
        yield return Case("no numeric arrays X and y", MatFiles.Digits(2), MatFiles.Structure("X"));
        yield return Case("X has 2 images, but y has 3 digits", MatFiles.Images(2), MatFiles.Digits(3));
        yield return Case("two arrays X", MatFiles.Images(2), MatFiles.Images(2), MatFiles.Digits(2));
        yield return Case(
            "X has 32 × 32 × 3 × 1 numbers of type Int8", MatFiles.Array("X", MatStorage.Int8, new byte[3072], 32, 32, 3, 1), MatFiles.Digits(1));
        yield return Case("X has 28 × 28 × 3 × 1", MatFiles.Array("X", MatStorage.UInt8, new byte[2352], 28, 28, 3, 1), MatFiles.Digits(1));
        yield return Case("X has 3072 × 1 numbers", MatFiles.Array("X", MatStorage.UInt8, new byte[3072], 3072, 1), MatFiles.Digits(1));
        yield return Case("claims 32 × 32 × 3 × 2 numbers", MatFiles.Array("X", MatStorage.UInt8, new byte[3072], 32, 32, 3, 2), MatFiles.Digits(1));
        yield return Case("X has 0 images, but y has 0 digits", MatFiles.Images(0), MatFiles.Digits(0));
        foreach (double digit in new[] { 0, 11, 1.5, double.NaN, -1, double.PositiveInfinity })
        {
            yield return Case(
                $"y has the digit {digit}", MatFiles.Images(1), MatFiles.Array("y", MatStorage.Double, BitConverter.GetBytes(digit), 1, 1));
        }
        byte[] complex = MatFiles.Images(1);
        complex[17] |= 8;
        yield return Case("X is complex", complex, MatFiles.Digits(1));
        yield return Case("an element of type 9", MatFiles.Element(9, new byte[8]));
        yield return Case("a compressed element of type 15", MatFiles.Compress(MatFiles.Compress(MatFiles.Images(1))));
        yield return Case("flags of 2 bytes", MatFiles.Element(14, MatFiles.Element(6, [9, 0])));
        yield return Case("the name of an array are 3072 bytes", MatFiles.Array(new string('X', 3072), MatStorage.UInt8, [1, 2, 3], 3, 1));

        static TestCaseData Case(string sentence, params byte[][] elements) =>
            new TestCaseData(sentence, elements).SetArgDisplayNames($"{sentence} ({elements.Length} elements)");
    }

    [TestCaseSource(nameof(Wrong))]
    public void Refuses_what_is_no_SVHN(string sentence, byte[][] elements)
    {
        Hostile.AssertRefused(MatFiles.Encode(elements), Svhn, sentence);
        Hostile.AssertRefused(MatFiles.Encode([.. elements.Select(MatFiles.Compress)]), Svhn, sentence.Replace("an element", "a compressed element"));
    }

    [TestCase("\0\u0002IM", "7.3")]
    [TestCase("\u0001\0MI", "big-endian")]
    [TestCase("    ", "not a MAT-file of level 5")]
    public void Refuses_other_versions(string version, string sentence)
    {
        byte[] file = MatFiles.Svhn(1);
        System.Text.Encoding.ASCII.GetBytes(version).CopyTo(file, 124);
        Hostile.AssertRefused(file, Svhn, sentence);
    }

    [Test]
    public void Refuses_every_truncation([Values] bool compressed) =>
        Hostile.AssertEveryTruncationRefused(MatFiles.Svhn(1, compressed), Svhn);

    [Test]
    public void Forged_lengths_cost_nothing([Values(int.MaxValue, -1, 1 << 28)] int length, [Values] bool dimensions)
    {
        byte[] images = MatFiles.Images(1);
        if (dimensions)
        {
            // The fourth dimension, after the tags and flags.
            BitConverter.GetBytes(length).CopyTo(images, 8 + 16 + 8 + 12);
        }
        else
        {
            BitConverter.GetBytes(length).CopyTo(images, 4);
        }
        Hostile.AssertRefused(MatFiles.Encode(images, MatFiles.Digits(1)), Svhn);
        Hostile.AssertRefused(MatFiles.Encode(MatFiles.Compress(images), MatFiles.Compress(MatFiles.Digits(1))), Svhn);
    }

    [Test]
    public void A_bomb_is_not_unpacked()
    {
        byte[] bomb = MatFiles.Compress(MatFiles.Array("X", MatStorage.UInt8, new byte[3072 << 13], 32, 32, 3, 1 << 13));
        Hostile.AssertRefused(MatFiles.Encode(bomb, MatFiles.Compress(MatFiles.Digits(1 << 13))), Svhn, "it unpacks to more than 20 times its size");
    }

    [Test]
    public void Any_mutation_is_read_or_refused([Values] bool compressed)
    {
        byte[] whole = MatFiles.Svhn(2, compressed);
        Hostile.AssertReadOrRefused(5000, random => Mutation.Of(whole, random, headerLength: 200), Svhn);
    }

    [Test]
    public void Any_mutation_of_what_is_compressed_is_read_or_refused()
    {
        byte[] images = MatFiles.Images(1), digits = MatFiles.Digits(1);
        Hostile.AssertReadOrRefused(
            5000,
            random => MatFiles.Encode(
                MatFiles.Compress(Mutation.Of(images, random, headerLength: 64)),
                MatFiles.Compress(random.Next(2) == 0 ? digits : Mutation.Of(digits, random, digits.Length))),
            Svhn);
    }

    private static ImageSet Svhn(UntrustedStream file) => SvhnLayout.ReadImages(file, PublishedDataset.Svhn);
}
