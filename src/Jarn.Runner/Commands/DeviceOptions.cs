using CommandLine;
using Jarn.Kernels;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary>What every command that computes takes.</summary>
[OptionGroup("Data and device")]
public abstract class DeviceOptions
{
    [Option("device", Default = "auto", MetaValue = "NAME", HelpText = "auto, cpu, cuda, opencl, emulator or reference; see 'jarn devices'.")]
    public string Device { get; set; } = "auto";

    [Option("threads", Default = 0, MetaValue = "N", HelpText = "Of the CPU device; 0 is one per core.")]
    public int Threads { get; set; }

    [Option("winograd", Default = "on", MetaValue = "HOW", HelpText = "on, or off: slower CPU convolutions, rounded some five times finer.")]
    public string Winograd { get; set; } = "on";

    [Option("matmul-precision", Default = "auto", MetaValue = "NAME", HelpText = "auto (TF32 where CUDA has tensor cores for it), tf32 or float32.")]
    public string MatMulPrecision { get; set; } = "auto";

    [Option("quiet", HelpText = "No progress; only the result.")]
    public bool Quiet { get; set; }
}

/// <summary>A device as asked for.</summary>
/// <param name="Kind">Null for the best there is.</param>
/// <param name="Threads">Of the CPU device; 0 is one per core.</param>
/// <param name="Winograd">Whether the CPU device may use Winograd's algorithm.</param>
/// <param name="MatMulPrecision">Of products; null for TF32 where there are tensor cores for that.</param>
public sealed record DeviceChoice(DeviceKind? Kind, int Threads, bool Winograd, MatMulPrecision? MatMulPrecision)
{
    public const int MostThreads = 1024;

    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public static DeviceChoice Of(DeviceOptions options) => new(
        NamedOrAuto<DeviceKind>("--device", options.Device),
        OptionValue.Within("--threads", options.Threads, 0, MostThreads),
        OptionValue.Choice("--winograd", options.Winograd, "on", "off"),
        NamedOrAuto<MatMulPrecision>("--matmul-precision", options.MatMulPrecision));

    /// <summary>What a run was computed on, and in its place what was typed.</summary>
    /// <exception cref="UserErrorException">A value is unknown or out of range.</exception>
    public static DeviceChoice Of(TrainOptions options, TrainingConfiguration run)
    {
        DeviceChoice typed = Of(options);
        return new DeviceChoice(
            options.Typed.Contains("device") ? typed.Kind : run.Device, options.Typed.Contains("threads") ? typed.Threads : run.Threads,
            options.Typed.Contains("winograd") ? typed.Winograd : run.Winograd,
            options.Typed.Contains("matmul-precision") ? typed.MatMulPrecision : run.MatMulPrecision);
    }

    /// <exception cref="UserErrorException">There is no such device here.</exception>
    public IDevice Open()
    {
        try
        {
            return Kind is DeviceKind kind ? Devices.Open(kind, Threads, Winograd, MatMulPrecision) : Devices.OpenBest(Threads, Winograd, MatMulPrecision).Device;
        }
        catch (DeviceUnavailableException exception)
        {
            throw new UserErrorException($"{exception.Message}: give another --device, 'jarn devices' lists them", exception);
        }
    }

    private static TEnum? NamedOrAuto<TEnum>(string option, string text) where TEnum : struct, Enum =>
        text.Equals("auto", StringComparison.OrdinalIgnoreCase) ? null : OptionValue.Named<TEnum>(option, text, "auto");
}
