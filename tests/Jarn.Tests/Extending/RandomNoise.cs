using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Extending;

/// <summary>The attack of docs/extending.md: noise drawn uniformly from all that the threat model allows, as often as it restarts.</summary>
public sealed class RandomNoise(ThreatModel threat, ulong seed, int restarts) : Attack(threat, seed, restarts)
{
    public static AttackDefinition Definition { get; } = new()
    {
        Syntax = "random-noise",
        Summary = "uniform noise of size ε",
        Form = "random-noise",
        Title = _ => "Random noise",
        Make = context => new RandomNoise(context.Threat, context.Seed, context.Restarts),
    };

    public override string Name => "random-noise";

    public override PassCount MostPasses(int classes) => new(Forward: Restarts, Backward: 0);

    protected override AttackOutcome Search(IClassifier classifier, AttackedImages images)
    {
        using CpuDevice device = new(threads: 1);
        using Tensor x = Tensor.From(device, new Shape(images.Count, classifier.Height, classifier.Width, classifier.Channels), images.Pixels);
        using Tensor noisy = new(device, x.Shape);
        AttackOutcome outcome = AttackOutcome.None(images);
        for (int start = 0; start < Restarts; start++)
        {
            uint draw = (uint)((start * images.Batch.Count) + images.Batch.Number);
            Threat.Start(device, x, new RandomStream(Seed, RandomStream.AttackStart).At(draw), noisy);
            outcome.Judge(classifier, images, noisy.ToArray());
        }
        return outcome;
    }
}
