namespace Jarn.Kernels;

/// <summary>What bounds a kernel, and with it what its machine code is held to.</summary>
public enum KernelKind
{
    /// <summary>Memory: each element is loaded, a few operations follow, and it is stored.</summary>
    Memory,

    /// <summary>Multiply-adds in float32: matrix products and convolutions.</summary>
    Product,

    /// <summary>The same on tensor cores, in inline PTX: for CUDA alone.</summary>
    TensorCoreProduct,
}

/// <summary>Says of a kernel what its code doesn't; one without it is bound by memory, in groups of up to <see cref="GpuDevice.GroupSize"/> threads.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelAttribute(KernelKind kind) : Attribute
{
    public KernelKind Kind { get; } = kind;

    /// <summary>Threads of a full group.</summary>
    public int GroupSize { get; init; } = GpuDevice.GroupSize;
}
