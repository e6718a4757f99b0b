using Jarn.Models;

namespace Jarn.Tests.Models;

/// <summary>What an attack brought about, held against what every attack must keep to.</summary>
/// <param name="Adversarial">N rows of pixels.</param>
/// <param name="Found">Whether each of the N images was broken.</param>
/// <param name="Passes">What the classifier was asked for.</param>
internal sealed record Attacked(float[] Adversarial, bool[] Found, PassCount Passes)
{
    public static Attacked By(Attack attack, IClassifier classifier, AttackedImages images)
    {
        PassCount before = classifier.Passes;
        AttackOutcome outcome = attack.Run(classifier, images);
        return new Attacked(outcome.Perturbed, outcome.Found, classifier.Passes - before);
    }

    public float[] Image(int image) => Adversarial.Chunk(Adversarial.Length / Found.Length).ElementAt(image);

    /// <summary>x′ is in the ε-ball and in [0, 1], is classified wrongly where it was found, and is the image elsewhere.</summary>
    public void AssertSound(Attack attack, LinearClassifier classifier, AttackedImages images)
    {
        for (int image = 0; image < images.Count; image++)
        {
            float[] x = images.Row(image).ToArray(), perturbed = Image(image);
            Assert.That(perturbed, Has.All.InRange(0, 1));
            Assert.That(x.Zip(perturbed, (a, b) => Math.Abs((double)a - b)).Max(), Is.AtMost(attack.Threat.Epsilon + 1e-6));
            if (!Found[image])
            {
                Assert.That(perturbed, Is.EqualTo(x));
                continue;
            }
            float[] logits = new float[classifier.Classes];
            classifier.Logits(perturbed, logits);
            Assert.That(Decision.IsRight(logits, images.Labels[image]), Is.False);
        }
    }

    /// <summary>An image's x′ is the same to the bit whichever images share its batch, and in whichever order.</summary>
    public static void AssertIndependentOfBatching(Attack attack, IClassifier classifier, AttackedImages images)
    {
        Attacked whole = By(attack, classifier, images);
        int[] some = [.. Enumerable.Range(0, images.Count).Reverse().Where(image => image % 3 != 1)];
        Attacked part = By(attack, classifier, images.Select(some));
        for (int row = 0; row < some.Length; row++)
        {
            Assert.That(part.Image(row), Is.EqualTo(whole.Image(some[row])), $"image {some[row]}");
        }
    }
}
