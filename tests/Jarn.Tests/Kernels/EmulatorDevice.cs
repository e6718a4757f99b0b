using ILGPU;
using ILGPU.Runtime;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>ILGPU's emulator, as if it had so many multiprocessors.</summary>
internal static class EmulatorDevice
{
    public static GpuDevice Open(int multiprocessors)
    {
        Context context = GpuPlatform.CreateContext(DeviceKind.Emulator);
        Device device = GpuPlatform.Choose(context, DeviceKind.Emulator, gpusOnly: false);
        Accelerator accelerator = device.CreateAccelerator(context);
        DeviceDescription description = GpuPlatform.Describe(DeviceKind.Emulator, device) with { Multiprocessors = multiprocessors };
        return new GpuDevice(context, accelerator, description, new AcceleratorLauncher(accelerator, accelerator.DefaultStream));
    }
}
