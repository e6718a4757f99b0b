using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;
using Jarn.Kernels;
using Jarn.Tests.Ptx;

namespace Jarn.Tests.Kernels;

/// <summary>
/// What a machine without a GPU can prove: every kernel, with every struct that its type parameters admit, becomes PTX and OpenCL C, and
/// nothing in there is left for a linker to find.
/// </summary>
[Parallelizable(ParallelScope.Children)]
[Category(TestCategory.Thorough)]
public sealed class GpuCompilationTests
{
    [TestCaseSource(nameof(AllKernels))]
    public void Every_kernel_compiles_to_PTX(GpuKernel kernel)
    {
        string text = CompileToPtx(kernel);
        Assert.That(text, Does.Contain(".visible .entry").And.Not.Contain(".extern .func"));
        Assert.That(text, Does.Not.Contain(".local"), "an array or a struct that registers don't hold");
        Assert.That(() => PtxProgram.Decode(text), Throws.Nothing, "the conformance suite's interpreter knows all of it");
    }

    [TestCaseSource(nameof(KernelsWithoutTensorCores))]
    public void Every_kernel_compiles_to_OpenCL(GpuKernel kernel)
    {
        using Context context = Context.Create(builder => GpuPlatform.Configure(builder));
        CLCapabilityContext capabilities = new(float16: false, float64: true, genericAddressSpace: true, int64_Atomics: false, subGroups: false);
        using CLBackend backend = new(context, capabilities, CLDeviceVendor.Other, CLCVersion.CL20);
        CompiledKernel compiled = backend.Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method), KernelAttribute.SpecializationOf(kernel.Method));
        Assert.That(((CLCompiledKernel)compiled).Source, Does.Match(@"\bkernel void\b"));
    }

    [Test]
    public void Every_function_is_among_the_kernels()
    {
        string[] functions = [.. typeof(GpuDevice).Assembly.GetTypes()
            .Where(type => type.IsValueType && (typeof(IUnaryFunction).IsAssignableFrom(type) || typeof(IBinaryFunction).IsAssignableFrom(type)))
            .Select(type => type.Name)];
        string[] compiled = [.. KernelCatalogue.All.SelectMany(kernel => kernel.Method.GetGenericArguments()).Select(type => type.Name)];
        Assert.That(functions, Is.Not.Empty.And.SubsetOf(compiled));
    }

    [TestCaseSource(nameof(Products))]
    public void A_product_moves_its_tiles_sixteen_bytes_at_a_time(GpuKernel kernel)
    {
        string text = CompileToPtx(kernel);
        Assert.That(text, Does.Contain("ld.shared.v4"));
        // But for those of runs that are no whole fours.
        bool quads = kernel.Method.Name != nameof(ProductKernels.Odd);
        Assert.That(text.Contains("ld.global.v4", StringComparison.Ordinal), Is.EqualTo(quads));
        Assert.That(text, quads ? Does.Contain("st.global.v4") : Does.Contain("ld.global.f32"));
        Assert.That(text, Does.Contain($".maxntid {kernel.GroupSize}").And.Contain(".minnctapersm"));
    }

    private static IEnumerable<TestCaseData> AllKernels() => Cases(KernelCatalogue.All);

    private static IEnumerable<TestCaseData> Products() => Cases(KernelCatalogue.All.Where(kernel => kernel.Kind == KernelKind.Product));

    private static IEnumerable<TestCaseData> KernelsWithoutTensorCores() =>
        Cases(KernelCatalogue.All.Where(kernel => kernel.Kind != KernelKind.TensorCoreProduct));

    private static IEnumerable<TestCaseData> Cases(IEnumerable<GpuKernel> kernels) =>
        kernels.Select(kernel => new TestCaseData(kernel).SetArgDisplayNames(kernel.Name));

    private static string CompileToPtx(GpuKernel kernel)
    {
        using PtxCompiler compiler = new();
        return compiler.Compile(kernel);
    }
}
