using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

public class ImageSetTests
{
    private static readonly string[] _names = ["a", "b", "c"];

    private static ImageSet Small() => new(new byte[] { 0, 51, 102, 153, 204, 255 }, new byte[] { 2, 0, 1 }, 1, 2, 1, _names);

    [Test]
    public void Fills_a_batch_in_the_order_of_its_indices()
    {
        float[] pixels = [9, 9, 9, 9];
        float[] labels = [9, 9, 9, 9, 9, 9];
        Small().Fill([2, 0], pixels, labels);
        Assert.That(pixels, Is.EqualTo(new[] { 204 / 255f, 1f, 0f, 51 / 255f }));
        Assert.That(labels, Is.EqualTo(new float[] { 0, 1, 0, 0, 0, 1 }));
    }

    [Test]
    public void Limit_takes_the_first_and_never_more_than_there_are()
    {
        ImageSet two = Small().Limit(2);
        Assert.That(two.Count, Is.EqualTo(2));
        Assert.That(two.Labels.ToArray(), Is.EqualTo(new byte[] { 2, 0 }));
        Assert.That(two.Image(1).ToArray(), Is.EqualTo(new byte[] { 102, 153 }));
        Assert.That(Small().Limit(9).Count, Is.EqualTo(3));
        Assert.That(() => Small().Limit(0), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Joined_sets_are_one_and_limits_cut_anywhere([Range(1, 7)] int limit)
    {
        ImageSet joined = ImageSet.Join([Small(), Small().Limit(1), Small()]);
        Assert.That(joined.Labels.ToArray(), Is.EqualTo(new byte[] { 2, 0, 1, 2, 2, 0, 1 }));
        ImageSet limited = joined.Limit(limit);
        Assert.That(limited.Count, Is.EqualTo(limit));
        int[] expected = [0, 102, 204, 0, 0, 102, 204];
        for (int i = 0; i < limit; i++)
        {
            Assert.That(limited.Image(i).ToArray(), Is.EqualTo(new[] { expected[i], expected[i] + 51 }));
        }
        Assert.That(() => limited.Image(limit), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => limited.Image(-1), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Refuses_what_does_not_fit()
    {
        Assert.That(() => ImageSet.Join([Small(), new ImageSet(new byte[2], new byte[1], 2, 1, 1, _names)]), Throws.ArgumentException);
        Assert.That(() => new ImageSet(new byte[5], new byte[3], 1, 2, 1, _names), Throws.ArgumentException);
        Assert.That(() => new ImageSet(new byte[6], new byte[] { 0, 3, 0 }, 1, 2, 1, _names), Throws.ArgumentException);
        Assert.That(() => Small().Fill([0], new float[2], new float[2]), Throws.ArgumentException);
        Assert.That(() => Small().Fill([3], new float[2], new float[3]), Throws.InstanceOf<ArgumentException>());
    }
}
