namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>destination[i] = Σ parts[part, i], in double and in the parts' order: the second stage of a sum whose first was divided.</summary>
    private void SumParts(float* parts, int count, int length, float* destination) =>
        _workers.Run(new SumPartsJob { Parts = parts, Count = count, Length = length, Destination = destination },
            Blocks(length, SumPartsJob.ElementsPerBlock));

    private struct SumPartsJob : IBlockJob
    {
        public const int ElementsPerBlock = 1024;

        public float* Parts, Destination;
        public int Count, Length;

        public readonly void Execute(int block, Scratch scratch)
        {
            int first = block * ElementsPerBlock, length = Math.Min(ElementsPerBlock, Length - first);
            double* sums = scratch.Reserve<double>(0, length);
            new Span<double>(sums, length).Clear();
            for (int part = 0; part < Count; part++)
            {
                float* row = Parts + ((nint)part * Length) + first;
                for (int i = 0; i < length; i++)
                {
                    sums[i] += row[i];
                }
            }
            for (int i = 0; i < length; i++)
            {
                Destination[first + i] = (float)sums[i];
            }
        }
    }
}
