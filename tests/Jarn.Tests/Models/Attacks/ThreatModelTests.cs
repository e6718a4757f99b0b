using System.Text.Json;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Tests.Models;

public sealed class ThreatModelTests
{
    [Test]
    public void It_is_written_as_people_write_it_and_in_files_by_the_norms_name()
    {
        ThreatModel threat = ThreatModel.LInf(8.0 / 255);
        Assert.That((threat.ToString(), threat.Size), Is.EqualTo(("L∞, ε = 8/255", "8/255")));
        Assert.That(JsonSerializer.Serialize(ThreatModel.LInf(0.3), JsonFile.Compact), Is.EqualTo("""{"norm":"linf","epsilon":0.3}"""));
        Assert.That(
            JsonSerializer.Deserialize<ThreatModel>("""{"norm":"linf","epsilon":0.3}""", JsonFile.Compact), Is.EqualTo(ThreatModel.LInf(0.3)));
    }

    [Test]
    public void No_image_is_further_than_the_range_of_pixels([Values(-0.1, 1.1, double.NaN, double.PositiveInfinity)] double epsilon)
    {
        Assert.That(() => ThreatModel.LInf(epsilon), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ThreatModel.LInf(0.1) with { Epsilon = epsilon }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(new[] { 0.2f, 0.9f }, true)]
    [TestCase(new[] { 0.3f, 0.8f }, true)]
    [TestCase(new[] { 0.301f, 0.8f }, false)]
    [TestCase(new[] { 0.2f, 0.699f }, false)]
    [TestCase(new[] { 0.2f, float.NaN }, false)]
    [TestCase(new[] { 0.2f, 1.05f }, false)]
    [TestCase(new[] { -0.01f, 0.9f }, false)]
    public void What_an_attacker_may_not_do_is_refused(float[] after, bool isAdmissible)
    {
        float[] before = [0.2f, 0.9f];
        Assert.That(
            () => ThreatModel.LInf(0.1).Require("planted", before, after),
            isAdmissible ? Throws.Nothing : Throws.InvalidOperationException.With.Message.StartsWith("planted left the threat model"));
    }

    [Test]
    public void Starts_and_steps_stay_admissible_and_a_large_step_ends_on_the_balls_surface()
    {
        using CpuDevice device = new(threads: 1);
        ThreatModel threat = ThreatModel.LInf(0.1);
        Random random = new(1);
        float[] pixels = [.. Enumerable.Range(0, 300).Select(_ => random.NextSingle())];
        using Tensor x = Tensor.From(device, new Shape(3, 10, 10, 1), pixels), perturbed = new(device, x.Shape);
        using Tensor gradient = Tensor.From(device, x.Shape, [.. Enumerable.Range(0, 300).Select(_ => random.NextSingle() - 0.5f)]);
        threat.Start(device, x, new RandomKey(1, 2), perturbed);
        float[] start = perturbed.ToArray();
        threat.Require("start", pixels, start);
        Assert.That(threat.Distance(pixels, start), Is.InRange(0.09, 0.1 + 1e-6));
        threat.Step(device, 5, gradient, x, perturbed);
        Assert.That(
            perturbed.ToArray(),
            Is.EqualTo(pixels.Zip(gradient.ToArray(), (pixel, slope) => Math.Clamp(pixel + (0.1f * MathF.Sign(slope)), 0, 1))).Within(1e-6));
    }
}
