namespace Jarn.Kernels;

/// <summary>Runs kernels: an accelerator, or what stands in for one, as the tests' PTX interpreter does.</summary>
internal interface IKernelLauncher
{
    /// <summary>
    /// Runs groups × threads of the kernel, a static method that is <see cref="IKernelArguments">marked as one</see>, after all launched before.
    /// </summary>
    void Launch<TArguments>(Action<TArguments> kernel, int groups, int threads, TArguments arguments) where TArguments : struct, IKernelArguments;
}
