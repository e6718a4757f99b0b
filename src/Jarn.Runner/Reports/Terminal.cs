using Spectre.Console;

namespace Jarn.Runner.Reports;

/// <summary>Standard output: coloured and as wide as the window on a terminal, plain text elsewhere.</summary>
public static class Terminal
{
    private const int WidthOfLogs = 140;

    public static IAnsiConsole Output { get; } = Create();

    private static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = WidthOfLogs;
        return console;
    }
}
