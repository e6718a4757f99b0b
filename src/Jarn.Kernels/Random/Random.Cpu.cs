namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>A multiple of the four elements of a block of Philox.</summary>
    private const int RandomElementsPerBlock = 4096;

    internal void RandomUniform(in RandomUniformCall call) => Draw(new Uniform { Low = call.Low, High = call.High }, call.Key, call.Y);

    internal void RandomNormal(in RandomNormalCall call) =>
        Draw(new Normal { Mean = call.Mean, StandardDeviation = call.StandardDeviation }, call.Key, call.Y);

    private void Draw<TDistribution>(TDistribution distribution, RandomKey key, DeviceBuffer y) where TDistribution : unmanaged, IDistribution
    {
        RandomJob<TDistribution> job = new() { Distribution = distribution, Key = key, Y = Write(y), Length = y.Length };
        _workers.Run(job, Blocks(y.Length, RandomElementsPerBlock));
    }

    /// <summary>Turns a block of random words into four numbers.</summary>
    private interface IDistribution
    {
        void Fill(RandomBlock words, float* four);
    }

    private struct RandomJob<TDistribution> : IBlockJob where TDistribution : unmanaged, IDistribution
    {
        public TDistribution Distribution;
        public RandomKey Key;
        public float* Y;
        public int Length;

        public readonly void Execute(int block, Scratch scratch)
        {
            int last = (int)Math.Min(((long)block + 1) * RandomElementsPerBlock, Length);
            float* four = stackalloc float[4];
            for (int i = block * RandomElementsPerBlock; i < last; i += 4)
            {
                Distribution.Fill(Philox.Block(Key, (ulong)i / 4), four);
                Lanes.Copy(four, Y + i, Math.Min(4, last - i));
            }
        }
    }

    private struct Uniform : IDistribution
    {
        public double Low, High;

        public readonly void Fill(RandomBlock words, float* four)
        {
            four[0] = Scaled(words.Word0);
            four[1] = Scaled(words.Word1);
            four[2] = Scaled(words.Word2);
            four[3] = Scaled(words.Word3);
        }

        /// <summary>Rounding to float32 may reach the bound that the interval leaves out.</summary>
        private readonly float Scaled(uint word)
        {
            float value = (float)(Low + ((High - Low) * RandomBlock.UnitFloat(word)));
            return value >= High && High > Low ? MathF.BitDecrement((float)High) : value;
        }
    }

    private struct Normal : IDistribution
    {
        public double Mean, StandardDeviation;

        public readonly void Fill(RandomBlock words, float* four)
        {
            (four[0], four[1]) = Pair(words.Word0, words.Word1);
            (four[2], four[3]) = Pair(words.Word2, words.Word3);
        }

        private readonly (float First, float Second) Pair(uint radiusWord, uint angleWord)
        {
            double radius = StandardDeviation * Math.Sqrt(-2 * Math.Log(RandomBlock.PositiveUnitFloat(radiusWord)));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * RandomBlock.UnitFloat(angleWord));
            return ((float)(Mean + (radius * cosine)), (float)(Mean + (radius * sine)));
        }
    }
}
