using Jarn.Runner.Reporting;

namespace Jarn.Runner.Commands;

/// <summary>Standard output and error that may fail.</summary>
public static class GuardedOutput
{
    /// <summary>
    /// Runs the program with a standard output and error that may fail: what can't be written is dropped, the command goes on to its end so that
    /// its files are whole, and a sentence and the exit code say that output was lost.
    /// </summary>
    public static int Run(Func<int> program)
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
}
