using CommandLine;
using Jarn.Kernels;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>Options of every command that computes.</summary>
[OptionGroup("Data and device")]
public abstract class DeviceOptions
{
    [Option("device", Default = "auto", MetaValue = "NAME", HelpText = "auto, cpu, cuda, opencl, emulator or reference; 'jarn devices' lists them.")]
    public string Device { get; set; } = "auto";

    [Option("threads", Default = 0, MetaValue = "N", HelpText = "Number of threads; 0 for one per core.")]
    [HeededBy("device", "auto", "cpu")]
    public int Threads { get; set; }

    [Option("winograd", Default = "on", MetaValue = "HOW", HelpText = "on, or off for slower convolutions with smaller rounding errors.")]
    [HeededBy("device", "auto", "cpu")]
    public string Winograd { get; set; } = "on";

    [Option("matmul-precision", Default = "auto", MetaValue = "NAME", HelpText = "tf32, float32, or auto: tf32 if CUDA has tensor cores for it.")]
    public string MatMulPrecision { get; set; } = "auto";

    [Option("quiet", HelpText = "Print only the result, no progress.")]
    public bool Quiet { get; set; }

    /// <summary>The names of the options that were typed, without dashes: the others' values here are defaults.</summary>
    public IReadOnlySet<string> Typed { get; set; } = new HashSet<string>();
}

/// <summary>A device as asked for.</summary>
/// <param name="Kind">Null for the best there is.</param>
/// <param name="Threads">The threads of the CPU device; 0 for one per core.</param>
/// <param name="Winograd">Whether the CPU device may use Winograd's algorithm.</param>
/// <param name="MatMulPrecision">The precision of matrix products; null for TF32 if the device has tensor cores for it, else float32.</param>
/// <param name="Options">The names of the options that were typed; null if none could be.</param>
public sealed record DeviceChoice(DeviceKind? Kind, int Threads, bool Winograd, MatMulPrecision? MatMulPrecision, DeviceOptions? Options = null)
{
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public static DeviceChoice Of(DeviceOptions options) => new(
        NamedOrAuto<DeviceKind>("--device", options.Device),
        OptionValue.Within("--threads", options.Threads, 0, TrainingConfiguration.MostThreads),
        OptionValue.Choice("--winograd", options.Winograd, "on", "off"),
        NamedOrAuto<MatMulPrecision>("--matmul-precision", options.MatMulPrecision),
        options);

    /// <summary>The device of an earlier run, overridden by options that were typed.</summary>
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public static DeviceChoice Of(TrainOptions options, TrainingConfiguration run)
    {
        DeviceChoice typed = Of(options);
        return new DeviceChoice(
            options.Typed.Contains("device") ? typed.Kind : run.Device, options.Typed.Contains("threads") ? typed.Threads : run.Threads,
            options.Typed.Contains("winograd") ? typed.Winograd : run.Winograd,
            options.Typed.Contains("matmul-precision") ? typed.MatMulPrecision : run.MatMulPrecision, options);
    }

    /// <exception cref="UserErrorException">There is no such device here, or an option was typed that has no effect on it.</exception>
    public IDevice Open()
    {
        IDevice device = OpenAny();
        try
        {
            if (Options is not null)
            {
                Heeding.Require(Options.GetType(), Options.Typed, "device", OptionValue.Word(device.Description.Kind));
            }
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    private IDevice OpenAny()
    {
        try
        {
            return Kind is DeviceKind kind ? Devices.Open(kind, Threads, Winograd, MatMulPrecision)
                : Devices.OpenBest(Threads, Winograd, MatMulPrecision).Device;
        }
        catch (DeviceUnavailableException exception)
        {
            throw new UserErrorException($"{exception.Message}: choose another --device; 'jarn devices' lists them", exception);
        }
    }

    private static TEnum? NamedOrAuto<TEnum>(string option, string text) where TEnum : struct, Enum =>
        text.Equals("auto", StringComparison.OrdinalIgnoreCase) ? null : OptionValue.Named<TEnum>(option, text, "auto");
}
