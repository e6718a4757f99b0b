using System.Reflection;
using ILGPU;
using ILGPU.Runtime;

namespace Jarn.Kernels;

/// <summary>Compiles a kernel when it is first launched, and keeps it: ILGPU's own cache holds kernels weakly.</summary>
internal sealed class AcceleratorLauncher(Accelerator accelerator, AcceleratorStream stream) : IKernelLauncher
{
    private readonly Dictionary<MethodInfo, Delegate> _launchers = [];

    public void Launch<TArguments>(Action<TArguments> kernel, int groups, int threads, TArguments arguments)
        where TArguments : struct, IKernelArguments
    {
        accelerator.Bind();
        if (!_launchers.TryGetValue(kernel.Method, out Delegate? launcher))
        {
            _launchers[kernel.Method] = launcher = accelerator.LoadKernel<Action<AcceleratorStream, KernelConfig, TArguments>>(
                kernel.Method, KernelAttribute.SpecializationOf(kernel.Method));
        }
        ((Action<AcceleratorStream, KernelConfig, TArguments>)launcher)(stream, new KernelConfig(groups, threads), arguments);
    }
}
