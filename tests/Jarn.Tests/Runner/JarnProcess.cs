using System.Diagnostics;
using Jarn.Runner.Commands;
using Jarn.Runner.Reporting.KernelReports;

namespace Jarn.Tests.Runner;

/// <summary>What a process said, and how it ended.</summary>
internal sealed record ProcessResult(int Code, string Output, string Error)
{
    public override string ToString() => $"exit code {Code}\n{Output}{Error}";
}

/// <summary>The program as a process of its own: what a shared process would hide.</summary>
internal static class JarnProcess
{
    /// <param name="folder">The folder that it runs in.</param>
    public static ProcessResult Run(string folder, params string[] arguments) =>
        Start(folder, Environment.ProcessPath!, [typeof(CommandLineInterface).Assembly.Location, .. arguments]);

    /// <param name="folder">The folder that it runs in.</param>
    /// <param name="script">A bash script, in which <c>jarn</c> is the program.</param>
    public static ProcessResult Shell(string folder, string script) =>
        Start(folder, "/bin/bash",
            ["-c", $"jarn() {{ \"{Environment.ProcessPath}\" \"{typeof(CommandLineInterface).Assembly.Location}\" \"$@\"; }}; {script}"]);

    private static ProcessResult Start(string folder, string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // No data of this machine, and no network: nothing listens at the port.
        start.Environment.Remove("JARN_DATA");
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(folder, ".cache");
        start.Environment["https_proxy"] = start.Environment["http_proxy"] = "http://127.0.0.1:9";
        if (CudaTools.Find() is CudaTools tools)
        {
            (start.Environment["PTXAS"], start.Environment["NVDISASM"]) = (tools.Assembler, tools.Disassembler);
        }
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProcessResult(process.ExitCode, output, error.Result);
    }
}
