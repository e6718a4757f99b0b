using Spectre.Console;

namespace Jarn.Runner.Reporting;

/// <summary>Standard output: coloured and as wide as the window on a terminal, plain text elsewhere.</summary>
public static class Terminal
{
    private const int WidthOfLogs = 140;

    public static IAnsiConsole Output { get; } = Create();

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
