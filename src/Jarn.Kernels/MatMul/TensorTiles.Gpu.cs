using ILGPU.Runtime.Cuda;

namespace Jarn.Kernels;

/// <summary>The part of a product that a group of <see cref="TensorProductKernels.GroupSize"/> threads computes, in 2×2 warps' tiles.</summary>
internal interface ITensorTile
{
    /// <summary>128, or 64 for few columns.</summary>
    static abstract int Columns { get; }

    /// <summary>Shared memory for <see cref="TensorProductKernels.Stages"/>.</summary>
    static abstract void AllocateStages();
}

internal readonly struct TensorTile128x128 : ITensorTile
{
    public static int Columns => 128;

    public static void AllocateStages() => CudaAsm.Emit(".shared .align 128 .b8 memory[49152]; mov.u32 stages, memory;");
}

internal readonly struct TensorTile128x64 : ITensorTile
{
    public static int Columns => 64;

    public static void AllocateStages() => CudaAsm.Emit(".shared .align 128 .b8 memory[36864]; mov.u32 stages, memory;");
}
