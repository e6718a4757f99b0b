using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;

namespace Jarn.Kernels;

/// <summary>What differs between CUDA, OpenCL and the emulator: how the devices are found and named.</summary>
internal static class GpuPlatform
{
    /// <summary>A context with this kind's devices in it, perhaps none. Only O2 emits 16-byte loads.</summary>
    public static Context CreateContext(DeviceKind kind)
    {
        try
        {
            return Context.Create(builder =>
            {
                builder.Optimize(OptimizationLevel.O2).Math(MathMode.Default).EnableAlgorithms();
                _ = kind switch
                {
                    DeviceKind.Cuda => builder.Cuda(),
                    DeviceKind.OpenCL => builder.OpenCL(_ => true),
                    DeviceKind.Emulator => builder.CPU(CPUDeviceKind.Nvidia),
                    _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "the kernels for GPUs don't run on it"),
                };
            });
        }
        catch (Exception failure) when (failure is not ArgumentException)
        {
            throw new DeviceUnavailableException($"{DriverOf(kind)} can't be loaded: {failure.Message}");
        }
    }

    /// <exception cref="DeviceUnavailableException">None is there, or none that the kernels run on.</exception>
    public static Device Choose(Context context, DeviceKind kind)
    {
        Device[] devices = [.. context.Devices.Where(device => device.AcceleratorType == TypeOf(kind))];
        if (devices.Length == 0)
        {
            throw new DeviceUnavailableException($"{DriverOf(kind)} shows no device");
        }
        return devices.Where(device => WhyRefused(device) is null).OrderByDescending(device => device.NumMultiprocessors).FirstOrDefault()
            ?? throw new DeviceUnavailableException(string.Join("; ", devices.Select(device => $"{device.Name.Trim()} {WhyRefused(device)}")));
    }

    public static DeviceDescription Describe(DeviceKind kind, Device device) => new(
        kind, kind == DeviceKind.Emulator ? "ILGPU's emulator" : device.Name.Trim(), device.MemorySize, device.NumMultiprocessors, sizeof(float));

    /// <summary>Whether it is a GPU: OpenCL's other devices are processors, which the CPU device serves better.</summary>
    public static bool IsGpu(Device device) => device is CudaDevice || (device is CLDevice { DeviceType: CLDeviceType.CL_DEVICE_TYPE_GPU });

    /// <summary>The rest of a sentence that begins with the device's name; null where the kernels run.</summary>
    public static string? WhyRefused(Device device) => device switch
    {
        CudaDevice { Architecture: null } => "has a compute capability that ILGPU doesn't know",
        CLDevice { Capabilities.GenericAddressSpace: false } => "offers no generic address space, an option of OpenCL 3.0 that ILGPU's code needs",
        CLDevice { Capabilities.Float64: false } => "has no double precision, which the parameters of the pointwise functions carry",
        _ => null,
    };

    private static AcceleratorType TypeOf(DeviceKind kind) => kind switch
    {
        DeviceKind.Cuda => AcceleratorType.Cuda,
        DeviceKind.OpenCL => AcceleratorType.OpenCL,
        _ => AcceleratorType.CPU,
    };

    private static string DriverOf(DeviceKind kind) => kind switch
    {
        DeviceKind.Cuda => "NVIDIA's driver",
        DeviceKind.OpenCL => "OpenCL's loader",
        _ => "ILGPU's emulator",
    };
}
