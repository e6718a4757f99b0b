using System.Reflection;
using ILGPU.Runtime;

namespace Jarn.Kernels;

/// <summary>What bounds a kernel, and with it what its machine code is held to.</summary>
public enum KernelKind
{
    /// <summary>Memory: each element is loaded, a few operations follow, and it is stored.</summary>
    Memory,

    /// <summary>Multiply-adds in float32: matrix products and convolutions.</summary>
    Product,

    /// <summary>Matrix products and convolutions on tensor cores, in inline PTX. For CUDA only.</summary>
    TensorCoreProduct,
}

/// <summary>
/// Says of a kernel what its code doesn't; one without it is bound by memory, in groups of up to <see cref="GpuDevice.GroupSize"/> threads.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelAttribute(KernelKind kind) : Attribute
{
    public KernelKind Kind { get; } = kind;

    /// <summary>Threads of a full group.</summary>
    public int GroupSize { get; init; } = GpuDevice.GroupSize;

    /// <summary>Groups that a multiprocessor of NVIDIA's must have registers for; 0 leaves it to the assembler.</summary>
    public int ResidentGroups { get; init; }

    /// <summary>
    /// The least share of multiply-adds among the instructions of a product's innermost loop. In a narrow tile less is multiplied with what is
    /// loaded, and a convolution computes where its patches lie.
    /// </summary>
    public double MultiplyAddShare { get; init; } = 0.85;

    /// <summary>What ILGPU passes to the assembler: the size of a group, which is then the only one, and how many must fit.</summary>
    public static KernelSpecialization SpecializationOf(MethodInfo kernel) =>
        kernel.GetCustomAttribute<KernelAttribute>() is { ResidentGroups: > 0 } said
            ? new(said.GroupSize, said.ResidentGroups)
            : KernelSpecialization.Empty;
}
