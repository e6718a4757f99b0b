using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct UniformArguments(RandomKey Key, float Low, float Range, ArrayView<Float4> Y) : IKernelArguments;

internal readonly record struct NormalArguments(RandomKey Key, float Mean, float StandardDeviation, ArrayView<Float4> Y) : IKernelArguments;

/// <summary>A thread takes a block of four random words, and stores four numbers.</summary>
internal static class RandomKernels
{
    public static void Uniform(UniformArguments p)
    {
        for (long block = GridStride.First; block < p.Y.Length; block += GridStride.Step)
        {
            RandomBlock words = Philox.Block(p.Key, (ulong)block);
            p.Y[block] = new Float4
            {
                X = InRange(p, words.Word0),
                Y = InRange(p, words.Word1),
                Z = InRange(p, words.Word2),
                W = InRange(p, words.Word3),
            };
        }
    }

    public static void Normal(NormalArguments p)
    {
        for (long block = GridStride.First; block < p.Y.Length; block += GridStride.Step)
        {
            RandomBlock words = Philox.Block(p.Key, (ulong)block);
            float radius0 = Radius(words.Word0) * p.StandardDeviation, radius1 = Radius(words.Word2) * p.StandardDeviation;
            Turn turn0 = Turn.Of(RandomBlock.UnitFloat(words.Word1)), turn1 = Turn.Of(RandomBlock.UnitFloat(words.Word3));
            p.Y[block] = new Float4
            {
                X = p.Mean + (radius0 * turn0.Cosine),
                Y = p.Mean + (radius0 * turn0.Sine),
                Z = p.Mean + (radius1 * turn1.Cosine),
                W = p.Mean + (radius1 * turn1.Sine),
            };
        }
    }

    private static float InRange(UniformArguments p, uint word) => p.Low + (p.Range * RandomBlock.UnitFloat(word));

    /// <summary>
    /// √(−2 log u). Near one hardware's logarithm has no correct digits left: there log u = 2 artanh z, z = (u−1)/(u+1), by its series,
    /// which is exact to float32 with |z| &lt; 0.18.
    /// </summary>
    private static float Radius(uint word)
    {
        float u = RandomBlock.PositiveUnitFloat(word);
        float z = (u - 1f) / (u + 1f), square = z * z;
        float series = 2f * z * (1f + (square * ((1f / 3) + (square * ((1f / 5) + (square * ((1f / 7) + (square * (1f / 9)))))))));
        return MathF.Sqrt(-2f * (u > 0.7f ? series : MathF.Log(u)));
    }
}

/// <summary>
/// Cosine and sine of 2πu, 0 ≤ u &lt; 1: Cephes' polynomials (sinf.c) on an eighth of a turn, the eighths exact. Hardware's sine and
/// cosine have an absolute error of 2⁻²¹ only, and more beyond π.
/// </summary>
internal readonly record struct Turn(float Cosine, float Sine)
{
    public static Turn Of(float u)
    {
        int quarter = (int)((4f * u) + 0.5f);
        float angle = ((4f * u) - quarter) * (MathF.PI / 2);
        float square = angle * angle;
        float sine = angle + (angle * square * (-1.6666654611e-1f + (square * (8.3321608736e-3f + (square * -1.9515295891e-4f)))));
        float cosine =
            1f - (square / 2) + (square * square * (4.166664568298827e-2f + (square * (-1.388731625493765e-3f + (square * 2.443315711809948e-5f)))));
        float swappedCosine = (quarter & 1) == 0 ? cosine : sine, swappedSine = (quarter & 1) == 0 ? sine : cosine;
        return new Turn(((quarter + 1) & 2) == 0 ? swappedCosine : -swappedCosine, (quarter & 2) == 0 ? swappedSine : -swappedSine);
    }
}
