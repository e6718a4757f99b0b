namespace Jarn.Kernels;

/// <summary>Of a kernel in NVIDIA's assembly for tensor cores: it runs on CUDA alone, from compute capability 8.0 on.</summary>
internal interface ITensorCoreArguments : IKernelArguments;
