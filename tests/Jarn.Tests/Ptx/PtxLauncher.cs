using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Jarn.Kernels;

namespace Jarn.Tests.Ptx;

/// <summary>Runs a kernel's PTX, the very text that CUDA's driver would be given, on memory that ILGPU's CPU accelerator lends.</summary>
internal sealed class PtxLauncher(Func<string, string>? edit = null) : IKernelLauncher
{
    private static readonly ConcurrentDictionary<MethodInfo, Lazy<string>> Texts = new();

    private readonly ConcurrentDictionary<MethodInfo, PtxProgram> _programs = new();

    /// <summary>A device of the CUDA kind: kernels get the groups and threads that they would have there.</summary>
    /// <param name="edit">Makes another kernel of each one's text, to see that a fault is found.</param>
    public static GpuDevice OpenDevice(Func<string, string>? edit = null)
    {
        Context context = Context.Create(builder => builder.CPU(CPUDeviceKind.Nvidia));
        CPUAccelerator accelerator = context.GetDevice<CPUDevice>(0).CreateCPUAccelerator(context);
        const int Multiprocessors = 4;
        DeviceDescription description = new(
            DeviceKind.Cuda, "PTX interpreter", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Multiprocessors, sizeof(float));
        return new GpuDevice(context, accelerator, description, new PtxLauncher(edit));
    }

    public void Launch<TArguments>(Action<TArguments> kernel, int groups, int threads, TArguments arguments) where TArguments : struct, IKernelArguments
    {
        PtxProgram program = _programs.GetOrAdd(kernel.Method, method => PtxProgram.Decode(edit is null ? TextOf(method) : edit(TextOf(method))));
        KernelParameters parameters = KernelParameters.Of(arguments);
        program.Run(new PtxLaunch(groups, threads, parameters.Bytes, new GlobalMemory(parameters.Views)));
    }

    /// <summary>As GpuDevice has it compiled for CUDA. Each in a context of its own, which a compilation that fails would poison.</summary>
    public static string TextOf(MethodInfo kernel) => Texts.GetOrAdd(kernel, method => new Lazy<string>(() =>
    {
        using Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2).Math(MathMode.Default).EnableAlgorithms());
        using PTXBackend backend = new(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_80, null!);
        return ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), KernelAttribute.SpecializationOf(method))).PTXAssembly;
    })).Value;
}
