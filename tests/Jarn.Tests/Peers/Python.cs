using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Jarn.Tests.Peers;

/// <summary>Python's libraries as independent witnesses, where they are installed.</summary>
internal static class Python
{
    /// <summary>An interpreter that can import the module; without one the test is skipped.</summary>
    public static string With(string module, string title)
    {
        string? python = new[] { "/usr/bin/python3", "python3", "python" }.FirstOrDefault(
            candidate => Execute(candidate, "-c", $"import {module}").ExitCode == 0);
        Assume.That(python, Is.Not.Null, $"no python3 with {title} is there");
        return python!;
    }

    /// <summary>The path of one of tests/peers.</summary>
    public static string Script(string name) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../peers", name));

    public static (int ExitCode, string Output) Execute(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd() + errors.Result;
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (Win32Exception)
        {
            return (-1, $"{program} is not there");
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
