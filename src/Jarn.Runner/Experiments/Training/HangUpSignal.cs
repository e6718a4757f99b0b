using System.Runtime.InteropServices;

namespace Jarn.Runner.Experiments.Training;

/// <summary>
/// SIGHUP as the process inherited it. The libraries of an OpenCL driver (LLVM) put a handler of their own in its place, and .NET calls that after
/// its own, whatever a registration says: the process would end in the middle of a step.
/// </summary>
public static class HangUpSignal
{
    private const int Number = 1;
    private const nint Default = 0, Ignored = 1;

    private static nint? _inherited;

    /// <summary>Notes how the signal is handled. To be called before a device is opened.</summary>
    public static void Note()
    {
        if (!OperatingSystem.IsWindows())
        {
            nint inherited = Signal(Number, Default);
            Signal(Number, inherited);
            _inherited ??= inherited;
        }
    }

    /// <summary>Makes it so again. To be called before a registration; a process under nohup goes on ignoring the signal.</summary>
    public static void Restore()
    {
        if (!OperatingSystem.IsWindows())
        {
            Signal(Number, _inherited == Ignored ? Ignored : Default);
        }
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint Signal(int number, nint handler);
}
