namespace Jarn.Kernels;

/// <summary>
/// The vectors that <see cref="CpuDevice"/>'s matrix kernels are made of. The pointwise functions are stated in 256 bits, which
/// the just-in-time compiler lowers to what the machine has.
/// </summary>
public enum CpuInstructionSet
{
    /// <summary>The widest that this machine has.</summary>
    Auto,

    /// <summary>512-bit vectors with AVX-512F.</summary>
    Avx512,

    /// <summary>256-bit vectors with AVX2 and FMA.</summary>
    Avx2,

    /// <summary>128-bit vectors of whatever the machine has (SSE, NEON, or scalars): runs everywhere.</summary>
    Portable,
}
