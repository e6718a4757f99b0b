using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>
/// OpenCL on the processor, by PoCL: the kernels compiled by LLVM, whole groups with their barriers. Version 3.1 (Debian 12) reports no generic
/// address space, for which ILGPU refuses it; our kernels run there all the same. So its report is overruled, here and not in the product.
/// </summary>
internal static class PoclDevice
{
    public static GpuDevice Open()
    {
        Context context = Context.Create(
            builder => builder.Optimize(OptimizationLevel.O2).Math(MathMode.Default).EnableAlgorithms().OpenCL(_ => true));
        CLDevice? device = context.Devices.OfType<CLDevice>().FirstOrDefault(device => device.DeviceType == CLDeviceType.CL_DEVICE_TYPE_CPU);
        if (device is null)
        {
            context.Dispose();
            throw new DeviceUnavailableException("OpenCL shows no processor (Debian: pocl-opencl-icd and ocl-icd-opencl-dev)");
        }
        typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))!
            .GetSetMethod(nonPublic: true)!.Invoke(device.Capabilities, [true]);
        Accelerator accelerator = device.CreateAccelerator(context);
        return new GpuDevice(
            context, accelerator, GpuPlatform.Describe(DeviceKind.OpenCL, device), new AcceleratorLauncher(accelerator, accelerator.DefaultStream));
    }
}
