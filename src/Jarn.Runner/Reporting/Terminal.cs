using Jarn.Runner.Commands;
using Spectre.Console;

namespace Jarn.Runner.Reporting;

/// <summary>Standard output: coloured and as wide as the window on a terminal, plain text elsewhere.</summary>
public static class Terminal
{
    private const int WidthOfLogs = 140;

    public static IAnsiConsole Output { get; } = Create();

    /// <summary>
    /// Runs the program with a standard output and error that may fail: what can't be written is dropped, the command goes on to its end so that
    /// its files are whole, and a sentence and the exit code say that output was lost.
    /// </summary>
    public static int Guard(Func<int> program)
    {
        StandardStream output = new("standard output", 1, Console.OpenStandardOutput), error = new("standard error", 2, Console.OpenStandardError);
        Console.SetOut(output.Writer());
        Console.SetError(error.Writer());
        int code = program();
        foreach (string loss in new[] { output, error }.Select(stream => stream.Loss).OfType<string>())
        {
            Console.Error.WriteLine($"jarn: {loss}");
            code = code == ExitCode.Done.Number ? ExitCode.Failed.Number : code;
        }
        return code;
    }

    private static IAnsiConsole Create()
    {
        // A user's COLUMNS counts more than the window, as it does for other programs.
        int? columns = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int wished) && wished > 0 ? wished : null;
        if (!Console.IsOutputRedirected)
        {
            if (columns is int width)
            {
                AnsiConsole.Console.Profile.Width = width;
            }
            return AnsiConsole.Console;
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = columns ?? WidthOfLogs;
        return console;
    }
}
