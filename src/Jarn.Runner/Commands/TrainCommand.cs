using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn train</c>: data, training, attacks, files, table.</summary>
public static class TrainCommand
{
    public static int Run(TrainOptions options)
    {
        Stopwatch total = Stopwatch.StartNew();
        TrainingConfiguration configuration = TrainingConfiguration.Resolve(options);
        IDisplay display = Display.For(options.Quiet);
        using IDevice device = OpenDevice(configuration);
        configuration = configuration with { Device = device.Description.Kind };
        Dataset data = Load(configuration, display);
        RunDirectory run = RunDirectory.Create(options.Output, data.Name, configuration.Method, DateTime.Now);
        JsonFile.Write(run.Config, new RunConfiguration(configuration, Versions.Current, Describe(device), data.Name, data.StandInReason, data.Files));
        if (data.StandInReason is not null)
        {
            Console.Error.WriteLine($"Note: {data.StandInReason}.");
        }
        display.Note($"{configuration.Method} on {data.Name} ({data.Train.Count} + {data.Test.Count} images from {data.Origin}), {Describe(device)}");

        using MnistCnn classifier = new(new Initializer(device, configuration.Seed, network: 0), data.Train.ClassCount, configuration.InputTransform);
        using ProfilingDevice? profile = options.Profile ? new ProfilingDevice(device) : null;
        Trainer trainer = new(configuration, device, data, classifier, display, profile);
        trainer.Run(run.Metrics);
        if (profile is not null)
        {
            ProfileTable.Print(Terminal.Output, profile.Entries, trainer.TrainingSeconds * 1000);
        }
        Save(run, classifier, data.Name, configuration);
        RunResults results = Evaluate(configuration, device, data, classifier, display) with
        {
            FirstStepSeconds = trainer.FirstStepSeconds,
            SecondsPerEpoch = trainer.TrainingSeconds / configuration.Epochs,
            SecondsTotal = total.Elapsed.TotalSeconds,
        };
        JsonFile.Write(run.Results, results);
        ResultTable.Print(Terminal.Output, results, configuration, data.StandInReason);
        Console.WriteLine($"Files: {run.Folder}");
        return 0;
    }

    private static IDevice OpenDevice(TrainingConfiguration configuration)
    {
        try
        {
            return configuration.Device is DeviceKind kind
                ? Devices.Open(kind, configuration.Threads, configuration.Winograd)
                : Devices.OpenBest(configuration.Threads, configuration.Winograd).Device;
        }
        catch (DeviceUnavailableException exception)
        {
            throw new UserErrorException($"{exception.Message}: give another --device, 'jarn devices' lists them", exception);
        }
    }

    private static Dataset Load(TrainingConfiguration configuration, IDisplay display)
    {
        using Downloader downloader = new();
        DataLocator locator = new(DataFolders.OfUser(configuration.DataDirectory));
        DatasetLoader loader = new(locator, downloader);
        DatasetSource source = DatasetSource.Named(configuration.Dataset);
        DatasetRequest request = new(source, configuration.Data, configuration.LimitTrain, configuration.LimitTest);
        Dataset Load(IProgress<DownloadProgress>? progress) => loader.LoadAsync(request, progress, CancellationToken.None).GetAwaiter().GetResult();
        if (configuration.Data == DataChoice.Sketch || locator.Find(source) is not null)
        {
            return Load(null);
        }
        Dataset? data = null;
        display.Track($"Downloading {source.Title}", source.Files.Sum(file => file.Length), update => data = Load(new DownloadTotal(update)));
        return data!;
    }

    private static void Save(RunDirectory run, Network classifier, string dataset, TrainingConfiguration configuration) => SafeTensors.Write(
        run.Model,
        [.. classifier.State.Select(parameter => new NamedTensor(parameter.Name, parameter.Value.Shape.ToArray(), parameter.Value.ToArray()))],
        new Dictionary<string, string> { ["format"] = "jarn", ["network"] = "mnist-cnn", ["dataset"] = dataset, ["method"] = configuration.Method });

    private static RunResults Evaluate(TrainingConfiguration configuration, IDevice device, Dataset data, Network classifier, IDisplay display)
    {
        Evaluator evaluator = new(device, classifier, data.Test, configuration.Seed);
        Attack[] attacks = [new Fgsm(configuration.Epsilon), Pgd.ForMnist(configuration.Epsilon, 5), Pgd.ForMnist(configuration.Epsilon, 40)];
        Dictionary<string, double> accuracy = [], zeroGradient = [];
        display.Track("Attacking", evaluator.Batches * (attacks.Length + 1), update =>
        {
            int passes = 0;
            Action<int> Progress(string name) => done => update((passes * evaluator.Batches) + done, name);
            accuracy["clean"] = evaluator.Clean(Progress("clean"));
            foreach (Attack attack in attacks)
            {
                passes++;
                AttackResult result = evaluator.Run(attack, Progress(attack.Name));
                (accuracy[attack.Name], zeroGradient[attack.Name]) = (result.Accuracy, result.ZeroGradient);
            }
        });
        IReadOnlyDictionary<string, double>? paper = data.IsStandIn ? null : PaperFigures.For(configuration.Dataset, configuration.Method);
        return new RunResults(data.Name, configuration.Method, configuration.Preset, configuration.Seed, Describe(device), data.Train.Count,
            data.Test.Count, classifier.ParameterCount, configuration.Epsilon, 0, 0, 0, accuracy, zeroGradient, paper);
    }

    private static string Describe(IDevice device) => $"{device.Description.Kind.ToString().ToLowerInvariant()}: {device.Description.Name}";
}

/// <summary>config.json.</summary>
public sealed record RunConfiguration(
    TrainingConfiguration Options, Versions Versions, string Device, string Dataset, string? StandInReason, IReadOnlyList<FileRead> Data);

/// <summary>What a run was made with.</summary>
public sealed record Versions(string Jarn, string Dotnet, string Ilgpu, string System)
{
    public static Versions Current => new(
        Of(typeof(Versions).Assembly), RuntimeInformation.FrameworkDescription, Of(Assembly.Load("ILGPU")), RuntimeInformation.OSDescription);

    private static string Of(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "";
}
