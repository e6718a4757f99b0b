using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Jarn.Runner.Data;

namespace Jarn.Runner.Reporting.KernelReports;

/// <summary>NVIDIA's assembler and disassembler, which need neither a GPU nor a driver.</summary>
/// <param name="Assembler">The path of ptxas.</param>
/// <param name="Disassembler">The path of nvdisasm.</param>
public sealed partial record CudaTools(string Assembler, string Disassembler)
{
    /// <summary>Where the tools are looked for, as a sentence.</summary>
    public const string HowToGet =
        "NVIDIA's ptxas and nvdisasm were not found: on Debian and Ubuntu run bench/cuda-tools.sh, which unpacks both without installing them; "
        + "elsewhere put them on the PATH, or set $PTXAS and $NVDISASM";

    /// <summary>
    /// Both, from $PTXAS and $NVDISASM, the PATH, or the cache folder that <c>bench/cuda-tools.sh</c> fills; null where one is missing.
    /// </summary>
    /// <exception cref="UserErrorException">A variable names what isn't there.</exception>
    public static CudaTools? Find() =>
        Find("ptxas", "PTXAS") is string assembler && Find("nvdisasm", "NVDISASM") is string disassembler
            ? new CudaTools(assembler, disassembler)
            : null;

    /// <summary>The assembler's release, as 11.8.</summary>
    public string Version() => Release().Match(Run(Assembler, "--version").Output).Groups["release"].Value;

    /// <summary>Assembles a module. If the assembler refuses it, its message is returned instead.</summary>
    /// <param name="ptx">A module of any number of kernels.</param>
    /// <param name="architecture">The architecture to assemble for.</param>
    /// <exception cref="UserErrorException">The assembler doesn't know the architecture, or a tool can't be run.</exception>
    public (AssembledModule? Module, string Refusal) Assemble(string ptx, GpuArchitecture architecture)
    {
        string folder = Directory.CreateTempSubdirectory("jarn-ptx-").FullName;
        try
        {
            string source = Path.Combine(folder, "kernels.ptx"), binary = Path.Combine(folder, "kernels.cubin");
            File.WriteAllText(source, ptx);
            (int exitCode, string output) = Run(Assembler, "--verbose", $"--gpu-name={architecture}", source, "--output-file", binary);
            if (exitCode != 0)
            {
                return output.Contains("gpu-name", StringComparison.Ordinal)
                    ? throw new UserErrorException($"{Assembler} is too old for {architecture}: give another --arch, or a newer one in $PTXAS")
                    : (null, output.Trim());
            }
            (int refused, string listing) = Run(Disassembler, "--print-code", binary);
            return refused == 0 ? (new AssembledModule(AssemblerReport.Parse(output), MachineCode.Parse(listing)), "")
                : throw new UserErrorException($"{Disassembler} doesn't read what {Assembler} wrote ({listing.Trim()}): take both from one release");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Find(string name, string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
        {
            return File.Exists(given)
                ? given
                : throw new UserErrorException($"${variable} is {given}, which does not exist: set it to the program {name}, or unset it");
        }
        string file = OperatingSystem.IsWindows() ? $"{name}.exe" : name;
        string[] folders =
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), Path.Combine(DataFolders.OfUser(null).Cache, "cuda"),
        ];
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    /// <summary>Standard output, with what went to standard error behind it.</summary>
    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
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
        catch (Win32Exception exception)
        {
            throw new UserErrorException($"{program} can't be run ({exception.Message}): set $PTXAS or $NVDISASM to another", exception);
        }
    }

    [GeneratedRegex(@"release (?<release>[\d.]+)")]
    private static partial Regex Release();
}

/// <param name="Reports">By the kernels' names.</param>
/// <param name="Code">The machine code by the functions' names.</param>
public sealed record AssembledModule(IReadOnlyDictionary<string, AssemblerReport> Reports, IReadOnlyDictionary<string, MachineCode> Code);
