using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Training;

/// <summary>
/// Finds where the first NaN or infinity of a training appeared. Losses are read now and then, so that was earlier than it was noticed: the
/// steps since the last checkpoint are made again, which gives the same bits, with a look at the result of each operation.
/// </summary>
internal static class NonFiniteSearch
{
    /// <param name="run">The training that failed.</param>
    /// <param name="last">The last checkpoint; null if there is none.</param>
    /// <param name="steps">The number of steps after which the failure was noticed.</param>
    /// <returns>One or more sentences.</returns>
    public static string Describe(TrainingContext run, Checkpoint? last, int steps)
    {
        string good = last is null ? "No checkpoint was written before it." : $"The last good checkpoint is {last.Path}.";
        string where;
        try
        {
            where = Find(run, last, steps);
        }
        catch (DeviceMemoryException)
        {
            where = "Where it began is unknown: the device has too little memory to repeat the steps.";
        }
        return $"{where} {good}";
    }

    private static string Find(TrainingContext run, Checkpoint? last, int steps)
    {
        FinitenessDevice device = new(run.Device);
        using Network classifier = run.Configuration.Classifier(run.Data.Train)
            .Build(new Initializer(run.Device, run.Configuration.Seed, network: 0));
        using TrainingMethod method = MethodDefinition.Create(run.Method(device, classifier));
        foreach (Learner learner in method.Learners)
        {
            foreach ((string name, Autodiff.Tensor value) in learner.State)
            {
                device.Name(value.Buffer, name);
            }
        }
        if (last is not null)
        {
            CheckpointFile.Restore(last.Path, method.Learners);
        }
        int first = last?.Progress.Step ?? 0;
        using BatchLoader batches = run.Batches(device, first);
        for (int step = first; step < steps; step++)
        {
            method.Step(batches.Next(), new StepPosition(step, run.TotalSteps), readLosses: false);
            if (device.First is NonFiniteResult result)
            {
                return $"It began in step {step + 1} with {result}.";
            }
        }
        return $"Repeating the steps from {first + 1} on did not show it: this device does not compute the same result twice.";
    }
}
