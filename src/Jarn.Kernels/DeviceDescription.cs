namespace Jarn.Kernels;

/// <summary>The kinds of device.</summary>
public enum DeviceKind
{
    /// <summary>Scalar loops in double precision: the specification.</summary>
    Reference,

    /// <summary>Vectorised float32 on all cores.</summary>
    Cpu,

    /// <summary>The ILGPU kernels on an NVIDIA GPU.</summary>
    Cuda,

    /// <summary>The ILGPU kernels on an OpenCL device.</summary>
    OpenCL,

    /// <summary>The ILGPU kernels on ILGPU's CPU emulator, for debugging and tests.</summary>
    Emulator,
}

/// <summary>A device as it describes itself.</summary>
/// <param name="Name">The name that the vendor gives it.</param>
/// <param name="MemoryBytes">The bytes of memory that its buffers come from.</param>
/// <param name="Multiprocessors">CUDA multiprocessors, OpenCL compute units, or threads.</param>
/// <param name="ElementBytes">8 for double precision, 4 for single.</param>
public sealed record DeviceDescription(DeviceKind Kind, string Name, long MemoryBytes, int Multiprocessors, int ElementBytes)
{
    /// <summary>The precision of matrix products and convolutions.</summary>
    public MatMulPrecision MatMulPrecision { get; init; }

    /// <summary>Kind and name, for people: "cpu: …"; and the precision of products, where it isn't float32's.</summary>
    public string Title => $"{Kind.ToString().ToLowerInvariant()}: {Name}{(MatMulPrecision == MatMulPrecision.TF32 ? ", TF32" : "")}";

    /// <summary>Relative rounding error of one operation: 2⁻⁵³ or 2⁻²⁴.</summary>
    public double UnitRoundoff => ElementBytes == 8 ? 1.0 / (1L << 53) : 1.0 / (1 << 24);
}
