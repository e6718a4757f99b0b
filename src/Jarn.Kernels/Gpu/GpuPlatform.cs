using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Jarn.Kernels;

/// <summary>What differs between CUDA, OpenCL and the emulator: how their devices are found and named.</summary>
internal static class GpuPlatform
{
    /// <summary>How every kernel is compiled. Only O2 emits 16-byte loads.</summary>
    public static Context.Builder Configure(Context.Builder builder) =>
        builder.Optimize(OptimizationLevel.O2).Math(MathMode.Default).EnableAlgorithms();

    /// <summary>A context with this kind's devices in it, perhaps none.</summary>
    /// <exception cref="DeviceUnavailableException">The driver can't be loaded.</exception>
    public static Context CreateContext(DeviceKind kind)
    {
        if (kind is not (DeviceKind.Cuda or DeviceKind.OpenCL or DeviceKind.Emulator))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "ILGPU's kernels don't run on it");
        }
        try
        {
            return Context.Create(builder =>
            {
                Configure(builder);
                _ = kind switch
                {
                    DeviceKind.Cuda => builder.Cuda(),
                    DeviceKind.OpenCL => builder.OpenCL(_ => true),
                    _ => builder.CPU(CPUDeviceKind.Nvidia),
                };
            });
        }
        catch (Exception failure)
        {
            throw new DeviceUnavailableException($"{DriverOf(kind)} can't be used: {failure.Message}");
        }
    }

    /// <summary>The usable device with the most multiprocessors. GPUs come first.</summary>
    /// <exception cref="DeviceUnavailableException">There is no device, or none that the kernels run on.</exception>
    public static Device Choose(Context context, DeviceKind kind, bool gpusOnly)
    {
        Device[] devices = DevicesOf(context, kind);
        if (devices.Length == 0)
        {
            throw new DeviceUnavailableException(WhyNone(kind));
        }
        Device[] usable = [.. devices.Where(device => Obstacle(device) is null)];
        if (usable.Length == 0)
        {
            throw new DeviceUnavailableException(string.Join("; ", devices.Select(Obstacle)));
        }
        return usable.Where(device => !gpusOnly || IsGpu(device))
            .OrderByDescending(IsGpu).ThenByDescending(device => device.NumMultiprocessors).FirstOrDefault()
            ?? throw new DeviceUnavailableException($"{DriverOf(kind)} shows processors only, no GPU");
    }

    public static IReadOnlyList<DeviceListing> List(DeviceKind kind)
    {
        try
        {
            using Context context = CreateContext(kind);
            Device[] devices = DevicesOf(context, kind);
            return devices.Length == 0
                ? [new DeviceListing(kind, null, WhyNone(kind))]
                : [.. devices.Select(device => new DeviceListing(kind, Describe(kind, device), Obstacle(device)))];
        }
        catch (DeviceUnavailableException missing)
        {
            return [new DeviceListing(kind, null, missing.Message)];
        }
    }

    /// <param name="precision">Null for TF32 where the device has tensor cores for that.</param>
    /// <exception cref="DeviceUnavailableException">TF32 was asked for, and the device has no tensor cores for it.</exception>
    public static DeviceDescription Describe(DeviceKind kind, Device device, MatMulPrecision? precision = null)
    {
        DeviceDescription description = kind == DeviceKind.Emulator
            ? new DeviceDescription(
                kind, "ILGPU's emulator", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, device.NumMultiprocessors, sizeof(float))
            : new DeviceDescription(kind, device.Name.Trim(), device.MemorySize, device.NumMultiprocessors, sizeof(float));
        return description with { MatMulPrecision = Precision(description.Name, (device as CudaDevice)?.Architecture, precision) };
    }

    /// <param name="name">The name of the device, for the message.</param>
    /// <param name="architecture">Null where it isn't CUDA's.</param>
    /// <param name="asked">Null for TF32 where the architecture has tensor cores for that.</param>
    /// <exception cref="DeviceUnavailableException">TF32 was asked for, and the device has no tensor cores for it.</exception>
    public static MatMulPrecision Precision(string name, CudaArchitecture? architecture, MatMulPrecision? asked)
    {
        bool tensorCores = architecture >= CudaArchitecture.SM_80;
        MatMulPrecision precision = asked ?? (tensorCores ? MatMulPrecision.TF32 : MatMulPrecision.Float32);
        return precision == MatMulPrecision.TF32 && !tensorCores ? throw WithoutTF32(name) : precision;
    }

    public static DeviceUnavailableException WithoutTF32(string name) =>
        new($"{name} can't multiply in TF32, which takes CUDA on tensor cores of compute capability 8.0 or later");

    private static Device[] DevicesOf(Context context, DeviceKind kind) => [.. context.Devices.Where(device => kind switch
    {
        DeviceKind.Cuda => device is CudaDevice,
        DeviceKind.OpenCL => device is CLDevice,
        _ => device is CPUDevice,
    })];

    private static bool IsGpu(Device device) => device is not CLDevice { DeviceType: not CLDeviceType.CL_DEVICE_TYPE_GPU };

    /// <summary>A sentence; null where the kernels run.</summary>
    private static string? Obstacle(Device device)
    {
        string name = device.Name.Trim();
        return device switch
        {
            CudaDevice { Architecture: null } => $"ILGPU doesn't know the compute capability of {name}",
            CLDevice { Capabilities.GenericAddressSpace: false } => $"{name} has no generic address space, which ILGPU's OpenCL code needs",
            CLDevice { Capabilities.Float64: false } => $"{name} has no double precision, which the pointwise functions' parameters are passed in",
            _ => null,
        };
    }

    /// <summary>ILGPU shows no devices, rather than an error, where it doesn't find the driver's library under its name.</summary>
    private static string WhyNone(DeviceKind kind)
    {
        string library = kind == DeviceKind.Cuda
            ? OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so"
            : OperatingSystem.IsWindows() ? "OpenCL.dll" : "libOpenCL.so";
        if (NativeLibrary.TryLoad(library, out nint handle))
        {
            NativeLibrary.Free(handle);
            return $"{DriverOf(kind)} shows no device";
        }
        if (NativeLibrary.TryLoad($"{library}.1", out handle))
        {
            NativeLibrary.Free(handle);
            return $"{library}.1 is there, but ILGPU looks for {library}: a link of that name mends it";
        }
        return $"{DriverOf(kind)} isn't installed: there is no {library}";
    }

    private static string DriverOf(DeviceKind kind) => kind switch
    {
        DeviceKind.Cuda => "NVIDIA's driver",
        DeviceKind.OpenCL => "OpenCL's loader",
        _ => "ILGPU's emulator",
    };
}
