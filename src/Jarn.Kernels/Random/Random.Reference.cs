namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void RandomUniform(in RandomUniformCall call)
    {
        (RandomKey key, double low, double high, DeviceBuffer y) = call;
        Span<double> ys = Span(y);
        for (int i = 0; i < ys.Length; i++)
        {
            ys[i] = low + ((high - low) * RandomBlock.UnitFloat(Word(Philox.Block(key, (ulong)i / 4), i % 4)));
        }
    }

    /// <remarks>Box and Muller 1958: words 0 and 1 of a block give its first two numbers, words 2 and 3 the others.</remarks>
    internal void RandomNormal(in RandomNormalCall call)
    {
        (RandomKey key, double mean, double standardDeviation, DeviceBuffer y) = call;
        Span<double> ys = Span(y);
        for (int i = 0; i < ys.Length; i++)
        {
            RandomBlock block = Philox.Block(key, (ulong)i / 4);
            int pair = i % 4 / 2 * 2;
            double radius = Math.Sqrt(-2 * Math.Log(RandomBlock.PositiveUnitFloat(Word(block, pair))));
            double angle = 2 * Math.PI * RandomBlock.UnitFloat(Word(block, pair + 1));
            ys[i] = mean + (standardDeviation * radius * (i % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle)));
        }
    }

    private static uint Word(RandomBlock block, int lane) => lane switch { 0 => block.Word0, 1 => block.Word1, 2 => block.Word2, _ => block.Word3 };
}
