namespace Jarn.Runner.Commands;

/// <summary>An exit code of the program, documented in <c>jarn --help</c>.</summary>
/// <param name="Meaning">The text in help.</param>
public sealed record ExitCode(int Number, string Meaning)
{
    public static ExitCode Done { get; } = new(0, "done");

    public static ExitCode Failed { get; } = new(1, "a check failed (kernels --check), or what was to be printed could not be written");

    public static ExitCode BadInput { get; } = new(2, "bad input: a sentence on standard error says what is wrong and what to do");

    /// <summary>128 and the number of SIGHUP, as shells have it.</summary>
    public static ExitCode HungUp { get; } = new(129, "ended because the terminal was closed (SIGHUP); saved as for 130");

    /// <summary>128 and the number of SIGINT.</summary>
    public static ExitCode Interrupted { get; } = new(130, "interrupted by Ctrl-C; training is saved and continues with 'jarn train --resume DIR'");

    /// <summary>128 and the number of SIGTERM.</summary>
    public static ExitCode Terminated { get; } = new(143, "ended by SIGTERM; saved in the same way");

    public static IReadOnlyList<ExitCode> All { get; } = [Done, Failed, BadInput, HungUp, Interrupted, Terminated];
}
