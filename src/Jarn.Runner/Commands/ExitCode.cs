namespace Jarn.Runner.Commands;

/// <summary>How the program ends, for shells and for <c>jarn --help</c>.</summary>
/// <param name="Number">What the process returns.</param>
/// <param name="Meaning">As help puts it.</param>
public sealed record ExitCode(int Number, string Meaning)
{
    public static ExitCode Done { get; } = new(0, "done");

    public static ExitCode CheckFailed { get; } = new(1, "a check failed (kernels --check)");

    public static ExitCode BadInput { get; } = new(2, "bad input: one sentence on standard error says what is wrong and what to do");

    /// <summary>128 and the number of SIGHUP, as shells have it.</summary>
    public static ExitCode HungUp { get; } = new(129, "ended because the terminal was closed (SIGHUP); saved as for 130");

    /// <summary>128 and the number of SIGINT.</summary>
    public static ExitCode Interrupted { get; } = new(130, "interrupted by Ctrl-C; training is saved and continues with 'jarn train --resume DIR'");

    /// <summary>128 and the number of SIGTERM.</summary>
    public static ExitCode Terminated { get; } = new(143, "ended by SIGTERM; saved in the same way");

    public static IReadOnlyList<ExitCode> All { get; } = [Done, CheckFailed, BadInput, HungUp, Interrupted, Terminated];
}
