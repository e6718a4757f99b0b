using Jarn.Runner.Commands;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.KernelReports;
using Jarn.Tests.Data;
using Jarn.Tests.Runner;

namespace Jarn.Tests.KernelReports;

/// <summary><c>jarn kernels</c>, with whatever tools are here and with none.</summary>
[NonParallelizable]
public sealed class KernelsCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void The_file_holds_what_was_found_of_the_kernels_asked_for()
    {
        string file = Path.Combine(_folder.Path, "kernels.json");
        Assert.That(CommandLineInterface.Run(["kernels", "--filter", "updatekernels", "--arch", "sm_90", "--json", file, "--quiet"]), Is.Zero);
        KernelReportFile written = JsonFile.Read<KernelReportFile>(file);
        Assert.That(
            written.Kernels.Select(kernel => kernel.Name), Is.EqualTo(["UpdateKernels.Adam", "UpdateKernels.Pgd", "UpdateKernels.SgdMomentum"]));
        Assert.That(written.Kernels, Has.All.Matches<KernelReport>(kernel => kernel is { Failure: null, Ptx.HasLocalMemory: false, GroupSize: 256 }));
        string[] architectures = CudaTools.Find() is null ? [] : ["sm_90"];
        Assert.That(written.Kernels.SelectMany(kernel => kernel.Machine.Keys).Distinct(), Is.EqualTo(architectures));
        Assert.That(written.Assembler, CudaTools.Find() is null ? Is.Null : Does.Match(@"^\d+\.\d+$"));
    }

    [TestCase("no kernel's name contains 'frobnicate'", "--filter", "frobnicate")]
    [TestCase("--arch is sm_10: give sm_80, sm_90", "--arch", "sm_90,sm_10")]
    [TestCase("there is no folder /no/such/folder", "--filter", "Pgd", "--json", "/no/such/folder/kernels.json")]
    [TestCase("has no use for 'all'", "all")]
    public void Bad_input_is_answered_with_a_sentence(string sentence, params string[] arguments)
    {
        (int exitCode, string error) = CommandLineTests.Run(["kernels", "--quiet", .. arguments]);
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.StartWith("jarn: ").And.Contains(sentence));
    }

    [Test]
    public void Without_the_tools_PTX_is_read_and_a_check_refused()
    {
        using Surroundings surroundings = new(("PTXAS", null), ("NVDISASM", null), ("PATH", ""), ("XDG_CACHE_HOME", _folder.Path));
        Assert.That(CudaTools.Find(), Is.Null);
        Assert.That(CommandLineInterface.Run(["kernels", "--filter", "Pgd", "--quiet"]), Is.Zero);
        (int exitCode, string error) = CommandLineTests.Run("kernels", "--filter", "Pgd", "--quiet", "--check");
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain("bench/cuda-tools.sh"));
    }

    [Test]
    public void A_tool_that_is_named_must_be_there()
    {
        using Surroundings surroundings = new(("PTXAS", "/no/such/ptxas"));
        (int exitCode, string error) = CommandLineTests.Run("kernels", "--filter", "Pgd", "--quiet");
        Assert.That(exitCode, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain("$PTXAS is /no/such/ptxas"));
    }

    /// <summary>Environment variables for a while.</summary>
    private sealed class Surroundings : IDisposable
    {
        private readonly (string Name, string? Value)[] _before;

        public Surroundings(params (string Name, string? Value)[] variables)
        {
            _before = [.. variables.Select(variable => (variable.Name, Environment.GetEnvironmentVariable(variable.Name)))];
            Set(variables);
        }

        public void Dispose() => Set(_before);

        private static void Set((string Name, string? Value)[] variables)
        {
            foreach ((string name, string? value) in variables)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }
}
