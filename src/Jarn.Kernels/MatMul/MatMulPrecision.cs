namespace Jarn.Kernels;

/// <summary>To what the factors of products are rounded, in matrix products and convolutions; the sums are float32's.</summary>
public enum MatMulPrecision
{
    /// <summary>Not at all: 24 bits.</summary>
    Float32,

    /// <summary>To eleven bits, with float32's exponents: NVIDIA's tensor cores, from compute capability 8.0 on.</summary>
    TF32,
}
