using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Experiments.Evaluation;

namespace Jarn.Tests.Models;

public sealed class AttackNamesTests
{
    [TestCase("fgsm", 1, 1, 0.3)]
    [TestCase("fgsm-margin", 3, 1, 0.3)]
    [TestCase("pgd1", 3, 1, 2.0 / 255)]
    [TestCase("pgd20-margin", 3, 20, 2.0 / 255)]
    [TestCase("pgd5", 1, 5, 0.15)]
    [TestCase("pgd40", 1, 40, 0.3 * 2.5 / 40)]
    [TestCase("pgd100-margin", 1, 100, 0.01)]
    public void An_attacks_name_tells_its_steps_and_the_images_their_size(string name, int channels, int iterations, double stepSize)
    {
        GradientAttack attack = (GradientAttack)AttackDefinition.Named(name, ThreatModel.LInf(0.3), channels, seed: 5, restarts: 2);
        Assert.That((attack.Name, attack.Threat.Epsilon, attack.Iterations, attack.StepSize), Is.EqualTo((name, 0.3, iterations, stepSize)));
        Assert.That((attack.Seed, attack.Restarts), Is.EqualTo(attack is Pgd ? (5, 2) : (0UL, 1)));
        Assert.That(attack.StartsAtRandom, Is.EqualTo(attack is Pgd));
    }

    [Test]
    public void What_is_no_attack_is_refused(
        [Values(
            "", "clean", "FGSM", "pgd", "pgd0", "pgd-5", "pgd05", "pgd1000000", "fgsm5", "fgsm-margins", "pgd5-cw", " fgsm", "fgsm\n", "margin")]
        string name)
    {
        Assert.That(() => AttackDefinition.Named(name, ThreatModel.LInf(0.3), 1),
            Throws.TypeOf<FormatException>().With.Message.Contains("give fgsm[-margin], pgd<steps>[-margin]"));
        Assert.That(() => AttackNames.Of($"fgsm,{name}"),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("give fgsm[-margin], pgd<steps>[-margin]"));
    }

    [Test]
    public void A_list_of_attacks_keeps_its_order_and_names_none_twice() =>
        Assert.That(AttackNames.Of("pgd20,fgsm,pgd20,pgd20-margin"), Is.EqualTo(new[] { "pgd20", "fgsm", "pgd20-margin" }));
}
