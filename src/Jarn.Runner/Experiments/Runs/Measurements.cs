using Jarn.Models;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>One measurement of a run's classifier on the first images of its data set's test part; equal ones have equal figures.</summary>
/// <param name="Attack">The name that <c>--attacks</c> takes, or clean.</param>
/// <param name="Epsilon">In units of the pixel range [0, 1]; 0 for clean.</param>
/// <param name="Seed">The seed of the random starts.</param>
/// <param name="Images">The number of images.</param>
/// <param name="BnMode">Which statistics batch norm used.</param>
/// <param name="Restarts">The number of random starts.</param>
/// <param name="Source">The fingerprint of the run whose gradients were followed; null for the classifier's own.</param>
public sealed record MeasurementKey(string Attack, double Epsilon, ulong Seed, int Images, BatchStatistics BnMode, int Restarts, string? Source);

/// <summary>The result of a measurement.</summary>
/// <param name="Accuracy">In per cent of the images.</param>
/// <param name="Interval">The 95 % interval of the accuracy.</param>
/// <param name="ZeroGradient">Images whose input gradient was exactly zero when the attack began, in per cent; 0 for clean.</param>
public sealed record Measurement(MeasurementKey Key, double Accuracy, Interval Interval, double ZeroGradient);

/// <summary>All measurements of a run's classifier: those in results.json, and later ones, which are kept in evaluations.json.</summary>
public sealed class Measurements
{
    private readonly string _path;
    private readonly Dictionary<MeasurementKey, Measurement> _known = [];
    private readonly List<Measurement> _later = [];

    /// <exception cref="UserErrorException">There is an evaluations.json that is none.</exception>
    public Measurements(FinishedRun run)
    {
        _path = run.Directory.Evaluations;
        foreach ((string attack, double accuracy) in run.Results.Accuracy)
        {
            if (!run.Results.AccuracyInterval.TryGetValue(attack, out Interval interval))
            {
                continue;
            }
            bool clean = attack == AttackFigures.Clean;
            MeasurementKey key = new(
                attack, clean ? 0 : run.Results.Epsilon, run.Results.Seed, run.Results.TestExamples, BatchStatistics.Running, Restarts: 1,
                Source: null);
            _known[key] = new Measurement(key, accuracy, interval, run.Results.ZeroGradient.GetValueOrDefault(attack));
        }
        if (File.Exists(_path))
        {
            _later = Read(_path);
            _later.ForEach(measurement => _known[measurement.Key] = measurement);
        }
    }

    public IReadOnlyList<Measurement> All => [.. _known.Values];

    public Measurement? Find(MeasurementKey key) => _known.GetValueOrDefault(key);

    /// <summary>Keeps a measurement, on disk too.</summary>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public void Add(Measurement measurement)
    {
        _known[measurement.Key] = measurement;
        _later.Add(measurement);
        JsonFile.Write(_path, _later);
    }

    private static List<Measurement> Read(string path)
    {
        try
        {
            return JsonFile.Read<List<Measurement>>(path);
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException($"{path} is damaged: delete it to measure again", exception);
        }
    }
}
