using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>
/// What a machine without a GPU can prove: every kernel, with every struct that its type parameters admit, becomes PTX and OpenCL C, and
/// nothing in there is left for a linker to find.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class GpuCompilationTests
{
    private static readonly Type[] Types = typeof(GpuDevice).Assembly.GetTypes();

    [TestCaseSource(nameof(Kernels))]
    public void Every_kernel_compiles_to_PTX(MethodInfo kernel)
    {
        using Context context = CreateContext();
        using PTXBackend backend = new(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_80, null!);
        string text = ((PTXCompiledKernel)Compile(backend, kernel)).PTXAssembly;
        Assert.That(text, Does.Contain(".visible .entry").And.Not.Contain(".extern .func"));
        Assert.That(text, Does.Not.Contain(".local"), "an array or a struct that registers don't hold");
    }

    [TestCaseSource(nameof(Kernels))]
    public void Every_kernel_compiles_to_OpenCL(MethodInfo kernel)
    {
        using Context context = CreateContext();
        CLCapabilityContext capabilities = new(float16: false, float64: true, genericAddressSpace: true, int64_Atomics: false, subGroups: false);
        using CLBackend backend = new(context, capabilities, CLDeviceVendor.Other, CLCVersion.CL20);
        Assert.That(((CLCompiledKernel)Compile(backend, kernel)).Source, Does.Match(@"\bkernel void\b"));
    }

    [Test]
    public void Every_function_is_among_the_kernels()
    {
        string[] functions = [.. Types
            .Where(type => type.IsValueType && (typeof(IUnaryFunction).IsAssignableFrom(type) || typeof(IBinaryFunction).IsAssignableFrom(type)))
            .Select(type => type.Name)];
        string[] compiled = [.. Kernels().Select(test => (MethodInfo)test.Arguments[0]!).SelectMany(kernel => kernel.GetGenericArguments()).Select(type => type.Name)];
        Assert.That(functions, Is.Not.Empty.And.SubsetOf(compiled));
    }

    [Test]
    public void The_product_loads_its_tiles_sixteen_bytes_at_a_time()
    {
        MethodInfo kernel = Kernels().Select(test => (MethodInfo)test.Arguments[0]!).First(method => method.Name == "Product");
        using Context context = CreateContext();
        using PTXBackend backend = new(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_80, null!);
        Assert.That(((PTXCompiledKernel)Compile(backend, kernel)).PTXAssembly, Does.Contain("ld.shared.v4"));
    }

    /// <summary>A kernel is a static method whose one parameter says so by its interface; GpuDevice launches nothing else.</summary>
    private static IEnumerable<TestCaseData> Kernels()
    {
        Type marker = Types.Single(type => type.Name == "IKernelArguments");
        return Types.SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.ReturnType == typeof(void) && method.GetParameters() is [ParameterInfo only] && marker.IsAssignableFrom(only.ParameterType))
            .SelectMany(Close)
            .Select(kernel => new TestCaseData(kernel).SetArgDisplayNames(
                $"{kernel.DeclaringType!.Name}.{kernel.Name}<{string.Join(", ", kernel.GetGenericArguments().Select(type => type.Name))}>"));
    }

    /// <summary>The kernel with every choice of its type arguments among the structs of the assembly.</summary>
    private static IEnumerable<MethodInfo> Close(MethodInfo kernel)
    {
        if (!kernel.IsGenericMethodDefinition)
        {
            return [kernel];
        }
        IEnumerable<Type[]> choices = [[]];
        foreach (Type parameter in kernel.GetGenericArguments())
        {
            Type[] candidates = [.. Types.Where(type => type is { IsValueType: true, IsGenericTypeDefinition: false } && Implements(type, parameter))];
            choices = choices.SelectMany(choice => candidates.Select(candidate => choice.Append(candidate).ToArray()));
        }
        return choices.Select(choice => TryClose(kernel, choice)).OfType<MethodInfo>();
    }

    /// <summary>Up to the type arguments of generic interfaces, which MakeGenericMethod checks.</summary>
    private static bool Implements(Type type, Type parameter) => parameter.GetGenericParameterConstraints()
        .Where(constraint => constraint.IsInterface)
        .All(constraint => type.GetInterfaces().Any(implemented => Definition(implemented) == Definition(constraint)));

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static MethodInfo? TryClose(MethodInfo kernel, Type[] arguments)
    {
        try
        {
            return kernel.MakeGenericMethod(arguments);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>One for each test: a compilation that fails poisons its context.</summary>
    private static Context CreateContext() => Context.Create(builder => builder.Optimize(OptimizationLevel.O2).Math(MathMode.Default).EnableAlgorithms());

    private static CompiledKernel Compile(Backend backend, MethodInfo kernel) =>
        backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), KernelSpecialization.Empty);
}
