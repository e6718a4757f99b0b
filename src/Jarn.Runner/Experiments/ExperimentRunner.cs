using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments;

/// <summary>An attack with a perturbation size; <see cref="Clean"/> stands for no attack.</summary>
/// <param name="Name">The name that <c>--attacks</c> takes.</param>
/// <param name="Epsilon">In units of the pixel range [0, 1].</param>
public readonly record struct AttackRequest(string Name, double Epsilon)
{
    public static AttackRequest Clean => new(AttackFigures.Clean, 0);
}

/// <summary>Trains missing runs, measures what was not measured yet, and reuses the rest.</summary>
/// <param name="device">The device to train and measure on.</param>
/// <param name="runs">The folder of the runs.</param>
/// <param name="outputs">Which pages and logs each new run writes.</param>
public sealed class ExperimentRunner(IDevice device, RunStore runs, IDisplay display, IRunOutputs outputs)
{
    private readonly Dictionary<(IDatasetProvider, DatasetRequest), Dataset> _data = [];
    private readonly Dictionary<string, Measurements> _measurements = [];

    public IDevice Device => device;

    public RunStore Runs => runs;

    /// <summary>The images that a run learns from and is measured on.</summary>
    /// <exception cref="UserErrorException">They are unusable, or real ones were asked for and are nowhere to be had.</exception>
    public Dataset Data(TrainingConfiguration configuration)
    {
        (IDatasetProvider Provider, DatasetRequest Request) wanted = (configuration.Provider, configuration.Request);
        if (!_data.TryGetValue(wanted, out Dataset? data))
        {
            _data[wanted] = data = DatasetLoading.Load(wanted.Provider, wanted.Request, configuration.DataDirectory, display);
            DatasetLoading.Note(data);
        }
        return data;
    }

    public FinishedRun? Find(TrainingConfiguration configuration) => runs.Find(RunIdentity.Of(configuration, Data(configuration)));

    /// <summary>The finished run of this configuration; an interrupted one is continued, and where there is none one is made.</summary>
    /// <exception cref="UserErrorException">The training failed, or its files can't be written.</exception>
    public FinishedRun Obtain(TrainingConfiguration configuration)
    {
        if (Find(configuration) is FinishedRun finished)
        {
            NonFiniteLogitsException.ThrowIf(finished.Results.NonFiniteLogits ?? 0, finished.Results.TestExamples);
            return finished;
        }
        Dataset data = Data(configuration);
        using RunDirectory directory = runs.Open(RunIdentity.Of(configuration, data));
        using Interruption interruption = Interruption.OfProcess();
        using IRunFollower follower = outputs.Follow(directory);
        RunResults results = new TrainingRun(configuration, device, data, directory, display, interruption, follower).Execute();
        NonFiniteLogitsException.ThrowIf(results.NonFiniteLogits ?? 0, results.TestExamples);
        follower.Finish(device, data.Test, display);
        return runs.Add(directory);
    }

    /// <summary>Measures a run's classifier. The results are in the order of the requests.</summary>
    /// <param name="configuration">The run that trained the classifier.</param>
    /// <param name="requests">The attacks to run.</param>
    /// <param name="source">The run whose gradients the attacks follow; null for the classifier's own.</param>
    public IReadOnlyList<Measurement> Measure(
        TrainingConfiguration configuration, IReadOnlyList<AttackRequest> requests, TrainingConfiguration? source = null)
    {
        FinishedRun run = Obtain(configuration);
        FinishedRun? other = source is null ? null : Obtain(source);
        ImageSet images = Data(configuration).Test;
        if (!_measurements.TryGetValue(run.Directory.Folder, out Measurements? known))
        {
            _measurements[run.Directory.Folder] = known = new Measurements(run);
        }
        MeasurementKey[] keys = [.. requests.Select(request => new MeasurementKey(
            request.Name, request.Epsilon, configuration.Seed, images.Count, BatchStatistics.Running, Restarts: 1, other?.Identity.Fingerprint))];
        MeasurementKey[] missing = [.. keys.Where(key => known.Find(key) is null).Distinct()];
        if (missing.Length > 0)
        {
            using Network classifier = Open(run);
            using Network? attacked = other is null ? null : Open(other);
            Evaluator evaluator = new(Attacked(classifier), images);
            display.Track($"Attacking {MethodDefinition.List.Of(configuration.Recipe.Method).Title}", missing.Length * evaluator.Batches, update =>
            {
                for (int i = 0; i < missing.Length; i++)
                {
                    MeasurementKey key = missing[i];
                    int before = i * evaluator.Batches;
                    IClassifier? followed = attacked is null ? null : Attacked(attacked);
                    AttackResult result = Run(evaluator, key, images.Channels, followed, done => update(before + done, key.Attack));
                    known.Add(new Measurement(key, result.Accuracy, result.Interval, result.ZeroGradient));
                }
            });
        }
        return [.. keys.Select(key => known.Find(key)!)];

        AttackedNetwork Attacked(Network network) => new(device, network, images.Shape, images.ClassCount);
    }

    /// <summary>The accuracy under AutoAttack in the audit that is shown for a run's classifier; null if there is none.</summary>
    public Measurement? Audited(TrainingConfiguration configuration)
    {
        double epsilon = configuration.Recipe.Epsilon;
        AuditResults? audit = AuditStore.Of(Obtain(configuration).Directory.Folder).Read(epsilon).Shown;
        return audit?.AutoAttack is not Rung rung ? null : new Measurement(
            new MeasurementKey(Rung.AutoAttack, epsilon, audit.Seed, audit.Examples, BatchStatistics.Running, Restarts: 1, Source: null),
            rung.Accuracy, rung.AccuracyInterval, ZeroGradient: 0);
    }

    /// <summary>A run's classifier; the caller disposes it.</summary>
    public Network Open(FinishedRun run) => ModelFile.Read(run.Directory.Model, device).Classifier;

    private static AttackResult Run(Evaluator evaluator, MeasurementKey key, int channels, IClassifier? source, Action<int> batchDone) =>
        key.Attack == AttackFigures.Clean ? evaluator.Clean(batchDone)
            : evaluator.Run(AttackDefinition.Named(key.Attack, ThreatModel.LInf(key.Epsilon), channels, key.Seed, key.Restarts), batchDone, source);
}
