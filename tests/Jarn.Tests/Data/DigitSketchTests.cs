using System.Security.Cryptography;
using Jarn.Kernels;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

public class DigitSketchTests
{
    // Pinned: results on drawn digits can be compared between machines and versions only while these bytes stay.
    private const string First1000 = "cc0206eda0294fee3f3d5649a48e163ce3f4053df60bfe7ffc6e1ad96ad36bc1";

    [Test]
    public void The_digits_are_the_same_everywhere()
    {
        ImageSet set = DigitSketch.Train(1000);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < set.Count; i++)
        {
            hash.AppendData(set.Image(i));
        }
        hash.AppendData(set.Labels);
        Assert.That(Convert.ToHexStringLower(hash.GetHashAndReset()), Is.EqualTo(First1000));
    }

    [Test]
    public void Image_i_depends_on_seed_stream_and_i_alone()
    {
        byte[] alone = new byte[784], again = new byte[784], other = new byte[784];
        RandomKey key = new(5, 7);
        byte label = DigitSketch.Draw(key, 123, alone);
        Array.Fill<byte>(again, 99);
        Assert.That(DigitSketch.Draw(key, 123, again), Is.EqualTo(label));
        Assert.That(again, Is.EqualTo(alone));
        foreach ((RandomKey changed, int index) in new[] { (new RandomKey(6, 7), 123), (new RandomKey(5, 8), 123), (key, 124) })
        {
            DigitSketch.Draw(changed, index, other);
            Assert.That(other, Is.Not.EqualTo(alone));
        }
    }

    [Test]
    public void A_limit_gives_the_beginning_of_the_whole()
    {
        ImageSet few = DigitSketch.Test(20), many = DigitSketch.Test(300);
        Assert.That(few.Count, Is.EqualTo(20));
        Assert.That(few.Labels.SequenceEqual(many.Labels[..20]), Is.True);
        Assert.That(few.Image(19).SequenceEqual(many.Image(19)), Is.True);
        Assert.That(DigitSketch.Test(int.MaxValue).Count, Is.EqualTo(DigitSketch.TestCount));
    }

    [Test]
    public void Training_and_test_images_differ()
    {
        ImageSet train = DigitSketch.Train(2000), test = DigitSketch.Test(2000);
        HashSet<string> seen = [];
        for (int i = 0; i < 2000; i++)
        {
            Assert.That(seen.Add(Convert.ToHexString(train.Image(i))), Is.True);
            Assert.That(seen.Add(Convert.ToHexString(test.Image(i))), Is.True);
        }
    }

    [Test]
    public void They_look_like_white_ink_on_black_about_the_middle()
    {
        ImageSet set = DigitSketch.Train(2000);
        int[] classes = new int[10];
        for (int i = 0; i < set.Count; i++)
        {
            classes[set.Labels[i]]++;
            double mass = 0, row = 0, column = 0;
            int paper = 0, brightest = 0;
            for (int pixel = 0; pixel < 784; pixel++)
            {
                int ink = set.Image(i)[pixel];
                mass += ink;
                row += ink * (pixel / 28);
                column += ink * (pixel % 28);
                paper += ink == 0 ? 1 : 0;
                brightest = Math.Max(brightest, ink);
            }
            Assert.That(paper, Is.InRange(784 / 2, 784 - 30), $"image {i}");
            Assert.That(brightest, Is.GreaterThan(150), $"image {i}");
            Assert.That(row / mass, Is.InRange(9.0, 18.0), $"image {i}");
            Assert.That(column / mass, Is.InRange(9.0, 18.0), $"image {i}");
        }
        // Binomial: 200 expected, five deviations of 13.4.
        Assert.That(classes, Has.All.InRange(133, 267));
    }

    [Test]
    public void The_nearest_neighbour_mostly_knows_the_digit_and_sometimes_errs()
    {
        ImageSet train = DigitSketch.Train(2000), test = DigitSketch.Test(300);
        int right = 0;
        for (int i = 0; i < test.Count; i++)
        {
            int nearest = 0;
            long least = long.MaxValue;
            for (int j = 0; j < train.Count; j++)
            {
                long distance = 0;
                ReadOnlySpan<byte> a = test.Image(i), b = train.Image(j);
                for (int k = 0; k < a.Length; k++)
                {
                    distance += (a[k] - b[k]) * (a[k] - b[k]);
                }
                if (distance < least)
                {
                    (least, nearest) = (distance, j);
                }
            }
            right += train.Labels[nearest] == test.Labels[i] ? 1 : 0;
        }
        Assert.That(right, Is.InRange(250, 294));
    }
}
