using System.Buffers.Binary;

namespace Jarn.Tests.Data;

/// <summary>Damaged copies of a file.</summary>
internal static class Mutation
{
    private static readonly int[] _forgedNumbers = [0, 1, -1, 7, 255, 1 << 16, 1 << 24, int.MaxValue, int.MinValue, int.MaxValue - 7];

    /// <summary>
    /// Cuts, extends, forges a 32-bit number, or overwrites one to four bytes; where it overwrites, half of the time within the header.
    /// </summary>
    public static byte[] Of(byte[] whole, Random random, int headerLength)
    {
        byte[] mutated = [.. whole];
        int Somewhere() => random.Next(random.Next(2) == 0 ? headerLength : whole.Length);
        switch (random.Next(8))
        {
            case 0:
                return whole[..random.Next(whole.Length)];
            case 1:
                byte[] tail = new byte[random.Next(1, 20)];
                random.NextBytes(tail);
                return [.. whole, .. tail];
            case 2 or 3:
                int aligned = Math.Min(Somewhere() & ~3, whole.Length - 4);
                BinaryPrimitives.WriteInt32LittleEndian(mutated.AsSpan(aligned), _forgedNumbers[random.Next(_forgedNumbers.Length)]);
                return mutated;
            default:
                for (int n = random.Next(1, 5); n > 0; n--)
                {
                    mutated[Somewhere()] = (byte)random.Next(256);
                }
                return mutated;
        }
    }
}
