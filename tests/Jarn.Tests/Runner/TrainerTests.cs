using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Experiments.Training;
using Jarn.Tests.Checkpoints;

namespace Jarn.Tests.Runner;

/// <summary>The loop and its observers.</summary>
public sealed class TrainerTests
{
    [Test]
    public void Each_step_is_told_to_all_observers_in_their_order_before_the_next_one()
    {
        using CpuDevice device = new(threads: 1);
        TrainingConfiguration configuration = new ToyRun(ToyRun.Options("standard")).Configuration;
        TrainingContext context = new(configuration, device, ToyRun.Digits);
        using Network classifier = configuration.Classifier(ToyRun.Digits.Train).Build(new Initializer(device, 0, network: 0));
        using TrainingMethod method = MethodDefinition.Create(context.Method(device, classifier));
        List<string> told = [];
        new Trainer(context, device, method, new RunMeter(before: null, device), [new Witness("a", told), new Witness("b", told)]).Run(first: 2);
        Assert.That(told, Is.EqualTo(new[]
        {
            "a: 3 of 6, epoch 1, losses True, end True", "b: 3 of 6, epoch 1, losses True, end True",
            "a: 4 of 6, epoch 2, losses False, end False", "b: 4 of 6, epoch 2, losses False, end False",
            "a: 5 of 6, epoch 2, losses False, end False", "b: 5 of 6, epoch 2, losses False, end False",
            "a: 6 of 6, epoch 2, losses True, end True", "b: 6 of 6, epoch 2, losses True, end True",
        }));
    }

    private sealed class Witness(string name, List<string> told) : ITrainingObserver
    {
        public void AfterStep(TrainedStep step) => told.Add(
            $"{name}: {step.Number} of {step.Total}, epoch {step.Epoch.Number}, losses {step.Losses is not null}, end {step.EndsEpoch}");
    }
}
