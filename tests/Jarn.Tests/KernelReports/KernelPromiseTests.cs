using ILGPU;
using ILGPU.Runtime.Cuda;
using Jarn.Kernels;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.KernelReports;

namespace Jarn.Tests.KernelReports;

/// <summary>Every kernel, assembled by NVIDIA's own assembler for both architectures and read as machine code, where the tools are there.</summary>
[Category(TestCategory.Thorough)]
public sealed class KernelPromiseTests
{
    private static readonly KernelReport Sound = new(
        "Products.Product", "Products.Product", KernelKind.Product, 256, null, new PtxFacts(8704, 2, false, false), 0.85,
        new Dictionary<string, MachineReport> { ["sm_80"] = Machine() });

    private static readonly Lazy<IReadOnlyDictionary<string, KernelReport>> Reports = new(() =>
        new KernelReporter(CudaTools.Find(), GpuArchitecture.All).Report(KernelCatalogue.All, Display.For(quiet: true))
            .ToDictionary(report => report.Name));

    private static IEnumerable<string> Names => KernelCatalogue.All.Select(kernel => kernel.Name);

    [TestCaseSource(nameof(Names))]
    public void Every_kernel_keeps_its_promises(string name)
    {
        AssumeTools();
        KernelReport report = Reports.Value[name];
        Assert.That(report.Machine.Keys, Is.EquivalentTo(GpuArchitecture.All.Select(architecture => architecture.Name)), report.Failure);
        Assert.That(KernelPromises.BrokenBy(report), Is.Empty);
    }

    [TestCase(nameof(BatchNormKernels.Normalize), BatchNormKernels.NormalizeGroups)]
    [TestCase(nameof(BatchNormKernels.NormalizeGradient), BatchNormKernels.NormalizeGradientGroups)]
    [TestCase(nameof(BatchNormKernels.NormalizeSecond), BatchNormKernels.NormalizeSecondGroups)]
    public void Batch_norm_is_launched_in_one_full_wave(string kernel, int groups)
    {
        AssumeTools();
        KernelReport report = Reports.Value[$"{nameof(BatchNormKernels)}.{kernel}<{nameof(ByFours)}>"];
        Assert.That(report.Machine.Values.Select(machine => machine.ResidentGroups), Is.All.EqualTo(groups));
    }

    private static IEnumerable<TestCaseData> Flaws =>
    [
        Flaw("spills registers, 4 bytes stored and 8 loaded, on sm_80", Machine(spillStores: 4, spillLoads: 8)),
        Flaw("is a product that uses 16 bytes of local memory on sm_80", Machine(stackBytes: 16)),
        Flaw("has 1 resident groups of 256 threads, too few, on sm_80", Machine(groups: 1)),
        Flaw("has 3 resident groups of 128 threads, too few, on sm_80", On(Machine(groups: 3)) with { GroupSize = 128 }),
        Flaw("spends 84.0 % of its innermost loop's instructions on multiply-adds, not 85 %, on sm_80", Machine(ffma: 84)),
        Flaw("could not be compiled: ILGPU can't compile it", Sound with { Failure = "ILGPU can't compile it" }),
        Flaw("calls an undefined function (.extern .func)", Sound with { Ptx = new PtxFacts(0, 0, false, HasExternalFunctions: true) }),
        Flaw("is a product that uses local memory (.local)", Sound with { Ptx = new PtxFacts(0, 0, HasLocalMemory: true, false) }),
    ];

    [TestCaseSource(nameof(Flaws))]
    public void A_broken_promise_is_named(KernelReport report, string sentence) =>
        Assert.That(KernelPromises.BrokenBy(report), Is.EqualTo([$"Products.Product {sentence}"]));

    [Test]
    public void A_kernel_that_memory_bounds_may_have_few_multiply_adds()
    {
        Assert.That(KernelPromises.BrokenBy(Sound), Is.Empty);
        Assert.That(KernelPromises.BrokenBy(On(Machine(ffma: 3, groups: 1)) with { Kind = KernelKind.Memory }), Is.Empty);
    }

    /// <summary>One HMMA keeps the tensor core busy for several issue slots.</summary>
    [Test]
    public void A_product_on_tensor_cores_may_have_two_small_groups_and_few_HMMA() => Assert.That(
        KernelPromises.BrokenBy(On(Machine(ffma: 0, groups: 2)) with { Kind = KernelKind.TensorCoreProduct, GroupSize = 128 }), Is.Empty);

    /// <summary>The modules hold many kernels: one that is refused must be found among them, and the others must be read all the same.</summary>
    [Test]
    public void What_the_assembler_refuses_is_told_apart_from_what_it_takes()
    {
        AssumeTools();
        GpuKernel[] kernels =
        [
            .. KernelCatalogue.All.Where(kernel => kernel.Family.StartsWith("Update", StringComparison.Ordinal)),
            new GpuKernel(((Action<FlawedArguments>)Refused).Method), new GpuKernel(((Action<FlawedArguments>)Spilling).Method),
        ];
        IReadOnlyList<KernelReport> reports = new KernelReporter(CudaTools.Find(), [GpuArchitecture.Hopper])
            .Report(kernels, Display.For(quiet: true));
        Assert.That(reports.Select(report => report.Name), Is.EqualTo(kernels.Select(kernel => kernel.Name)));
        Assert.That(reports.Where(report => report.Failure is not null).Select(report => report.Family), Is.EqualTo(["KernelPromiseTests.Refused"]));
        Assert.That(reports[^2].Failure, Does.StartWith("ptxas refuses it for sm_90").And.Contain("nonsense"));
        Assert.That(reports[^1].Machine["sm_90"].Assembly.StackBytes, Is.GreaterThanOrEqualTo(64));
        Assert.That(reports[^1].Ptx!.HasLocalMemory, Is.True);
    }

    private static void AssumeTools() => Assume.That(CudaTools.Find(), Is.Not.Null, CudaTools.HowToGet);

    private static void Refused(FlawedArguments p)
    {
        CudaAsm.Emit("nonsense;");
        p.Values[0] = 1f;
    }

    /// <summary>An array that a loop indexes has no place in registers.</summary>
    private static void Spilling(FlawedArguments p)
    {
        ArrayView<float> array = LocalMemory.Allocate<float>(16);
        for (int i = 0; i < 16; i++)
        {
            array[i] = p.Values[i];
        }
        p.Values[0] = array[(int)p.Values[1]];
    }

    private static TestCaseData Flaw(string sentence, MachineReport machine) => Flaw(sentence, On(machine));

    private static TestCaseData Flaw(string sentence, KernelReport report) => new TestCaseData(report, sentence).SetArgDisplayNames(sentence);

    private static KernelReport On(MachineReport machine) => Sound with { Machine = new Dictionary<string, MachineReport> { ["sm_80"] = machine } };

    private static MachineReport Machine(int spillStores = 0, int spillLoads = 0, int stackBytes = 0, int groups = 2, int ffma = 85) => new(
        new AssemblerReport(128, spillStores, spillLoads, stackBytes, 8704), groups, 400, 2,
        new LoopReport(100, ffma, 0, 0, new Dictionary<string, int>()));

    private readonly record struct FlawedArguments(ArrayView<float> Values) : IKernelArguments;
}
