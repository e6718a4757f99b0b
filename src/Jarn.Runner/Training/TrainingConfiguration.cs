using System.Globalization;
using System.Text.Json.Serialization;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;

namespace Jarn.Runner.Training;

/// <summary>Every option of a run as resolved: what config.json records.</summary>
/// <param name="Dataset">As asked for.</param>
/// <param name="Data">Whether drawn digits may stand in.</param>
/// <param name="DataDirectory">As given.</param>
/// <param name="Method">standard, uniform-noise or jarn.</param>
/// <param name="Preset">Where unnamed values come from.</param>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="BatchSize">Images a step.</param>
/// <param name="LearningRate">Adam's, for the classifier.</param>
/// <param name="WeightDecay">λ of λ/2·‖W‖².</param>
/// <param name="Epsilon">In units of the pixel range [0, 1].</param>
/// <param name="LambdaAdversarial">λ_adv.</param>
/// <param name="DiscriminatorInterval">Steps from one of the discriminator's to the next.</param>
/// <param name="DiscriminatorLearningRate">Adam's, for discriminator and adaptor.</param>
/// <param name="JarnFrom">The share of the steps before JARN sets in.</param>
/// <param name="JarnLearningRateFactor">On the classifier's learning rate from then on.</param>
/// <param name="Jacobian">What is differentiated.</param>
/// <param name="NormalizeJacobian">Per-sample zero mean and unit norm.</param>
/// <param name="InputScale">Inside the classifier.</param>
/// <param name="NormalizeInput">Inside the classifier.</param>
/// <param name="Seed">Of everything random.</param>
/// <param name="Device">As asked for, null being auto; once it is opened, which it is.</param>
/// <param name="Threads">0 is one per core.</param>
/// <param name="Winograd">Whether the CPU device may use Winograd's algorithm.</param>
/// <param name="LimitTrain">The first so many images; null is all.</param>
/// <param name="LimitTest">The first so many images; null is all.</param>
public sealed record TrainingConfiguration(
    string Dataset, DataChoice Data, string? DataDirectory, string Method, string Preset, int Epochs, int BatchSize, double LearningRate,
    double WeightDecay, double Epsilon, double LambdaAdversarial, int DiscriminatorInterval, double DiscriminatorLearningRate, double JarnFrom,
    double JarnLearningRateFactor, JacobianDefinition Jacobian, bool NormalizeJacobian, double InputScale, bool NormalizeInput, ulong Seed,
    DeviceKind? Device, int Threads, bool Winograd, int? LimitTrain, int? LimitTest)
{
    [JsonIgnore]
    public InputTransform InputTransform => new(InputScale, NormalizeInput);

    [JsonIgnore]
    public JarnOptions JarnOptions => new(LambdaAdversarial, Jacobian, NormalizeJacobian);

    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public static TrainingConfiguration Resolve(TrainOptions options)
    {
        if (options.Strays.FirstOrDefault() is string stray)
        {
            throw new UserErrorException($"{stray} is neither a verb (train, devices) nor an option: 'jarn --help' lists what there is");
        }
        DatasetSource dataset = DatasetSource.Named(options.Dataset);
        return new TrainingConfiguration(
            dataset.Name,
            Named<DataChoice>("--data", options.Data),
            options.DataDirectory,
            TrainingMethod.Names.Contains(options.Method) ? options.Method
                : throw new UserErrorException($"there is no method {options.Method}: give {string.Join(", ", TrainingMethod.Names)} to --method"),
            "default",
            AtLeastOne("--epochs", options.Epochs ?? 20),
            AtLeastOne("--batch-size", options.BatchSize ?? 64),
            Within("--learning-rate", options.LearningRate ?? 1e-3, double.Epsilon, 100),
            Within("--weight-decay", options.WeightDecay ?? 2e-4, 0, 1),
            ParseEpsilon(options.Epsilon ?? (dataset == DatasetSource.Mnist ? "0.3" : "0.1")),
            Within("--lambda-adv", options.LambdaAdversarial ?? 1, 0, 1e6),
            AtLeastOne("--discriminator-interval", options.DiscriminatorInterval ?? 10),
            Within("--discriminator-learning-rate", options.DiscriminatorLearningRate ?? 1e-3, double.Epsilon, 100),
            Within("--jarn-from", options.JarnFrom ?? 0.75, 0, 1),
            Within("--jarn-learning-rate-factor", options.JarnLearningRateFactor ?? 0.05, 0, 100),
            Named<JacobianDefinition>("--jacobian", options.Jacobian ?? "loss"),
            Choice("--jacobian-normalization", options.JacobianNormalization ?? "l2", "l2", "none"),
            Within("--input-scale", options.InputScale ?? 1, double.Epsilon, 1e6),
            Choice("--input-normalization", options.InputNormalization ?? "none", "l2", "none"),
            options.Seed,
            options.Device.Equals("auto", StringComparison.OrdinalIgnoreCase) ? null : Named<DeviceKind>("--device", options.Device, "auto"),
            options.Threads is >= 0 and <= 1024 ? options.Threads
                : throw new UserErrorException($"--threads is {options.Threads}: give a number from 0 (one per core) to 1024"),
            Choice("--winograd", options.Winograd, "on", "off"),
            options.LimitTrain is int train ? AtLeastOne("--limit-train", train) : null,
            options.LimitTest is int test ? AtLeastOne("--limit-test", test) : null);
    }

    /// <summary>Reads 0.3 or 8/255.</summary>
    public static double ParseEpsilon(string text)
    {
        string[] parts = text.Split('/');
        double value = parts.Length switch
        {
            1 when Number(parts[0]) is double number => number,
            2 when Number(parts[0]) is double numerator && Number(parts[1]) is double denominator => numerator / denominator,
            _ => double.NaN,
        };
        return value is > 0 and <= 1 ? value
            : throw new UserErrorException($"--epsilon is {text}: give a number above 0 and up to 1, such as 0.3 or 8/255 (pixels reach from 0 to 1)");
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static int AtLeastOne(string option, int value) => value >= 1 ? value
        : throw new UserErrorException($"{option} is {value}: give a number of at least 1");

    private static double Within(string option, double value, double low, double high) => value >= low && value <= high ? value
        : throw new UserErrorException(string.Create(CultureInfo.InvariantCulture,
            $"{option} is {value}: give a number {(low == double.Epsilon ? "above 0" : $"from {low}")} {(low == double.Epsilon ? "and up to" : "to")} {high}"));

    /// <summary>Which of two words it is.</summary>
    private static bool Choice(string option, string text, string yes, string no) => text == yes || (text == no ? false
        : throw new UserErrorException($"{option} is {text}: give {yes} or {no}"));

    /// <summary>An enum's value by its kebab-case name.</summary>
    private static TEnum Named<TEnum>(string option, string text, params string[] others) where TEnum : struct, Enum
    {
        Dictionary<string, TEnum> names = Enum.GetValues<TEnum>().ToDictionary(
            value => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()).Replace("open-cl", "opencl", StringComparison.Ordinal));
        return names.TryGetValue(text.ToLowerInvariant(), out TEnum named) ? named
            : throw new UserErrorException($"{option} is {text}: give {string.Join(", ", others.Concat(names.Keys))}");
    }
}
