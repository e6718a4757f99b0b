using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

public class DigitSketchTests
{
    [Test]
    public void They_look_like_white_ink_on_black_about_the_middle()
    {
        ImageSet set = DigitSketch.Train(2000);
        for (int i = 0; i < set.Count; i++)
        {
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
    }
}
