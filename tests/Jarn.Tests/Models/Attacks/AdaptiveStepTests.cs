using Jarn.Models;

namespace Jarn.Tests.Models;

public sealed class AdaptiveStepTests
{
    [Test]
    public void Checkpoints_are_the_published_ones()
    {
        Assert.That(ApgdAttack.Checkpoints(100), Is.EqualTo(new[] { 22, 41, 57, 70, 80, 87, 93, 99 }));
        Assert.That(ApgdAttack.Checkpoints(1000), Is.EqualTo(new[] { 220, 410, 570, 700, 800, 870, 930, 990 }));
        Assert.That(ApgdAttack.Checkpoints(1), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void A_step_that_rarely_increases_the_loss_is_halved()
    {
        // Of eight steps six increase the loss, the start's among those compared with: ρ = 0.75 of them are not enough, seven are.
        Assert.That(HalvedAfter(start: 1, [2, 3, 4, 5, 6, 7, 6, 5]), Is.True);
        Assert.That(HalvedAfter(start: 1, [2, 3, 4, 5, 6, 7, 8, 5]), Is.False);
        Assert.That(HalvedAfter(start: 9, [2, 3, 4, 5, 6, 7, 8, 5]), Is.True, "the first step lowers it");
    }

    [Test]
    public void A_step_whose_best_loss_stands_still_is_halved_unless_it_was_at_the_last_checkpoint()
    {
        AdaptiveStep step = new(0.6f, loss: 0);
        Assert.That(Advance(ref step, 10, 11, 12, 13), Is.False);
        Assert.That(Advance(ref step, 1, 2, 3, 4, 5, 6, 7, 8), Is.True, "seven of eight increases, and none beyond 13");
        Assert.That((step.Size, step.Best), Is.EqualTo((0.3f, 13.0)));
        Assert.That(Advance(ref step, 1, 2, 3, 4, 5, 6, 7, 8), Is.False, "halved just now");
        Assert.That(Advance(ref step, 1, 2, 3, 4, 5, 6, 7, 8), Is.True, "and not since");
        Assert.That(Advance(ref step, 1, 2, 3, 4, 5, 6, 7, 14), Is.False);
        Assert.That(Advance(ref step, 1, 2, 3, 4, 5, 6, 7, 15), Is.False, "the best loss has grown");
        Assert.That((step.Size, step.Best), Is.EqualTo((0.15f, 15.0)));
    }

    [Test]
    public void It_tells_which_loss_is_the_largest_so_far_and_none_that_is_no_number()
    {
        AdaptiveStep step = new(0.6f, loss: 1);
        Assert.That(new[] { 1, 2, double.NaN, 2, 3 }.Select(step.Observe), Is.EqualTo(new[] { false, true, false, false, true }));
    }

    private static bool HalvedAfter(double start, double[] losses)
    {
        AdaptiveStep step = new(1, start);
        bool halved = Advance(ref step, losses);
        Assert.That(step.Size, Is.EqualTo(halved ? 0.5f : 1f));
        return halved;
    }

    private static bool Advance(ref AdaptiveStep step, params double[] losses)
    {
        foreach (double loss in losses)
        {
            step.Observe(loss);
        }
        return step.Checkpoint(losses.Length);
    }
}
