using System.Reflection;
using ILGPU;
using ILGPU.Runtime.CPU;
using Jarn.Kernels;

namespace Jarn.Tests.Ptx;

/// <summary>Runs a kernel's PTX, the very text that CUDA's driver would be given, on memory that ILGPU's CPU accelerator lends.</summary>
internal sealed class PtxLauncher(Func<string, string>? edit = null, GlobalTraffic? traffic = null) : IKernelLauncher
{
    private static readonly PtxCompiler Compiler = new();
    private static readonly Dictionary<MethodInfo, string> Texts = [];

    private readonly Dictionary<MethodInfo, PtxProgram> _programs = [];

    /// <summary>A device of the CUDA kind: kernels get the groups and threads that they would have there.</summary>
    /// <param name="edit">Makes another kernel of each one's text, to see that a fault is found.</param>
    /// <param name="traffic">Counts what the kernels read and write.</param>
    public static GpuDevice OpenDevice(
        Func<string, string>? edit = null, MatMulPrecision precision = MatMulPrecision.Float32, GlobalTraffic? traffic = null)
    {
        Context context = Context.Create(builder => builder.CPU(CPUDeviceKind.Nvidia));
        CPUAccelerator accelerator = context.GetDevice<CPUDevice>(0).CreateCPUAccelerator(context);
        const int Multiprocessors = 4;
        DeviceDescription description = new(
            DeviceKind.Cuda, "PTX interpreter", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Multiprocessors, sizeof(float));
        return new GpuDevice(context, accelerator, description with { MatMulPrecision = precision }, new PtxLauncher(edit, traffic));
    }

    public void Launch<TArguments>(Action<TArguments> kernel, int groups, int threads, TArguments arguments)
        where TArguments : struct, IKernelArguments
    {
        if (!_programs.TryGetValue(kernel.Method, out PtxProgram? program))
        {
            string text = TextOf(kernel.Method);
            _programs[kernel.Method] = program = PtxProgram.Decode(edit is null ? text : edit(text));
        }
        KernelParameters parameters = KernelParameters.Of(arguments);
        program.Run(new PtxLaunch(groups, threads, parameters.Bytes, new GlobalMemory(parameters.Views, traffic)));
    }

    /// <summary>As it is given to NVIDIA's assembler and driver.</summary>
    public static string TextOf(MethodInfo kernel)
    {
        lock (Texts)
        {
            return Texts.TryGetValue(kernel, out string? text) ? text : Texts[kernel] = Compiler.Compile(kernel);
        }
    }
}
