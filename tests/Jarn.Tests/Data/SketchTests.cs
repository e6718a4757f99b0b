using System.Security.Cryptography;
using Jarn.Kernels;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

/// <summary>What every drawn data set promises.</summary>
public class SketchTests
{
    /// <param name="StandIn">What the program sees.</param>
    /// <param name="Sketch">The same, image by image.</param>
    /// <param name="First1000">SHA-256 of the first 1000 training images and their labels.</param>
    public sealed record Case(StandIn StandIn, Sketch Sketch, int TrainCount, int TestCount, int Side, int Channels, string First1000)
    {
        public override string ToString() => StandIn.DatasetName;
    }

    // Pinned: results on drawn images can be compared between machines and versions only while these bytes stay.
    private static Case[] Cases =>
    [
        new(DigitSketch.StandIn, DigitSketch.Sketch, 60_000, 10_000, 28, 1, "cc0206eda0294fee3f3d5649a48e163ce3f4053df60bfe7ffc6e1ad96ad36bc1"),
        new(SvhnSketch.StandIn, SvhnSketch.Sketch, 73_257, 26_032, 32, 3, "ce7c001c8865baa672803c12072554b59d6c1e0cdbf78443cf3872fed7d13f2b"),
        new(CifarSketch.StandIn, CifarSketch.Sketch, 50_000, 10_000, 32, 3, "2fa6430cfed83c1bbecd8f8dc824ca525f45e6b456cc6acd4f4ec3d21d285591"),
    ];

    private static Case[] Coloured => Cases[1..];

    [TestCaseSource(nameof(Cases))]
    public void The_images_are_the_same_everywhere(Case drawn)
    {
        ImageSet set = drawn.StandIn.Train(1000);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < set.Count; i++)
        {
            hash.AppendData(set.Image(i));
        }
        hash.AppendData([.. set.Labels.ToArray().Select(label => (byte)label)]);
        Assert.That(Convert.ToHexStringLower(hash.GetHashAndReset()), Is.EqualTo(drawn.First1000));
    }

    [TestCaseSource(nameof(Cases))]
    public void Image_i_depends_on_seed_stream_and_i_alone(Case drawn)
    {
        int length = drawn.Sketch.PixelsPerImage;
        byte[] alone = new byte[length], again = new byte[length], other = new byte[length];
        RandomKey key = new(5, 7);
        byte label = drawn.Sketch.Draw(key, 123, alone);
        Array.Fill<byte>(again, 99);
        Assert.That(drawn.Sketch.Draw(key, 123, again), Is.EqualTo(label));
        Assert.That(again, Is.EqualTo(alone));
        foreach ((RandomKey changed, int index) in new[] { (new RandomKey(6, 7), 123), (new RandomKey(5, 8), 123), (key, 124) })
        {
            drawn.Sketch.Draw(changed, index, other);
            Assert.That(other, Is.Not.EqualTo(alone));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void A_limit_gives_the_beginning_of_the_whole(Case drawn)
    {
        ImageSet few = drawn.StandIn.Test(20), many = drawn.StandIn.Test(300);
        Assert.That(few.Count, Is.EqualTo(20));
        Assert.That(few.Labels.SequenceEqual(many.Labels[..20]), Is.True);
        Assert.That(few.Image(19).SequenceEqual(many.Image(19)), Is.True);
        Assert.That((drawn.Sketch.TrainCount, drawn.Sketch.TestCount), Is.EqualTo((drawn.TrainCount, drawn.TestCount)));
        Assert.That((few.Height, few.Width, few.Channels, few.ClassCount), Is.EqualTo((drawn.Side, drawn.Side, drawn.Channels, 10)));
    }

    [Test]
    public void No_more_images_are_drawn_than_there_are() =>
        Assert.That(DigitSketch.Test(int.MaxValue).Count, Is.EqualTo(DigitSketch.Sketch.TestCount));

    [TestCaseSource(nameof(Cases))]
    public void No_image_occurs_twice(Case drawn)
    {
        ImageSet train = drawn.StandIn.Train(2000), test = drawn.StandIn.Test(2000);
        HashSet<string> seen = [];
        for (int i = 0; i < 2000; i++)
        {
            Assert.That(seen.Add(Convert.ToHexString(train.Image(i))), Is.True);
            Assert.That(seen.Add(Convert.ToHexString(test.Image(i))), Is.True);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void The_classes_are_equally_frequent(Case drawn)
    {
        int[] classes = new int[10];
        foreach (byte label in drawn.StandIn.Train(2000).Labels)
        {
            classes[label]++;
        }
        // Binomial: 200 expected, five deviations of 13.4.
        Assert.That(classes, Has.All.InRange(133, 267));
    }

    [TestCaseSource(nameof(Coloured))]
    public void The_nearest_mean_of_a_class_is_little_better_than_a_guess(Case drawn)
    {
        ImageSet train = drawn.StandIn.Train(4000), test = drawn.StandIn.Test(1000);
        float[][] means = [.. Enumerable.Range(0, 10).Select(_ => new float[train.PixelsPerImage])];
        int[] counts = new int[10];
        for (int i = 0; i < train.Count; i++)
        {
            counts[train.Labels[i]]++;
            Add(means[train.Labels[i]], train.Image(i));
        }
        for (int label = 0; label < 10; label++)
        {
            means[label] = [.. means[label].Select(sum => sum / counts[label])];
        }
        int right = 0;
        for (int i = 0; i < test.Count; i++)
        {
            float[] distances = [.. means.Select(mean => SquareDistance(mean, test.Image(i)))];
            right += Array.IndexOf(distances, distances.Min()) == test.Labels[i] ? 1 : 0;
        }
        // Guessing gives 100.
        Assert.That(right, Is.LessThan(200));

        static void Add(float[] sums, ReadOnlySpan<byte> image)
        {
            for (int k = 0; k < sums.Length; k++)
            {
                sums[k] += image[k];
            }
        }
    }

    private static object[][] Digits => [[Cases[0], 170, 198], [Cases[1], 110, 165]];

    [TestCaseSource(nameof(Digits))]
    public void The_nearest_neighbour_often_knows_the_digit_and_sometimes_errs(Case drawn, int least, int most)
    {
        ImageSet train = drawn.StandIn.Train(3000), test = drawn.StandIn.Test(200);
        float[][] known = [.. Enumerable.Range(0, train.Count).Select(i => Standardized(train.Image(i), drawn.Channels))];
        int[] right = new int[test.Count];
        Parallel.For(0, test.Count, i =>
        {
            float[] image = Standardized(test.Image(i), drawn.Channels);
            float[] correlations = [.. known.Select(other => MathF.Abs(Dot(image, other)))];
            right[i] = train.Labels[Array.IndexOf(correlations, correlations.Max())] == test.Labels[i] ? 1 : 0;
        });
        Assert.That(right.Sum(), Is.InRange(least, most));
    }

    /// <summary>
    /// Without brightness and contrast, which tell nothing of a digit: the last channel's deviations from their mean, of unit norm.
    /// </summary>
    private static float[] Standardized(ReadOnlySpan<byte> image, int channels)
    {
        float[] channel = new float[image.Length / channels];
        for (int k = 0; k < channel.Length; k++)
        {
            channel[k] = image[((k + 1) * channels) - 1];
        }
        float mean = channel.Average();
        float norm = MathF.Sqrt(channel.Sum(value => (value - mean) * (value - mean)));
        return [.. channel.Select(value => (value - mean) / norm)];
    }

    private static float Dot(float[] a, float[] b)
    {
        float sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            sum += a[k] * b[k];
        }
        return sum;
    }

    private static float SquareDistance(float[] mean, ReadOnlySpan<byte> image)
    {
        float sum = 0;
        for (int k = 0; k < mean.Length; k++)
        {
            sum += (mean[k] - image[k]) * (mean[k] - image[k]);
        }
        return sum;
    }
}
