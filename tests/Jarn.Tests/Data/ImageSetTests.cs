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
    public void Refuses_what_does_not_fit()
    {
        Assert.That(() => new ImageSet(new byte[5], new byte[3], 1, 2, 1, _names), Throws.ArgumentException);
        Assert.That(() => new ImageSet(new byte[6], new byte[] { 0, 3, 0 }, 1, 2, 1, _names), Throws.ArgumentException);
        Assert.That(() => Small().Fill([0], new float[2], new float[2]), Throws.ArgumentException);
        Assert.That(() => Small().Fill([3], new float[2], new float[3]), Throws.InstanceOf<ArgumentException>());
    }
}
