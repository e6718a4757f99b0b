namespace Jarn.Tests.Data;

/// <summary>Damaged copies of a file.</summary>
internal static class Mutation
{
    /// <summary>Cuts, extends, or overwrites one to four bytes, half of the time within the header.</summary>
    public static byte[] Of(byte[] whole, Random random, int headerLength)
    {
        switch (random.Next(8))
        {
            case 0:
                return whole[..random.Next(whole.Length)];
            case 1:
                byte[] tail = new byte[random.Next(1, 20)];
                random.NextBytes(tail);
                return [.. whole, .. tail];
            default:
                byte[] mutated = [.. whole];
                for (int n = random.Next(1, 5); n > 0; n--)
                {
                    mutated[random.Next(random.Next(2) == 0 ? headerLength : whole.Length)] = (byte)random.Next(256);
                }
                return mutated;
        }
    }
}
