using Jarn.Runner;
using Jarn.Runner.Data;

namespace Jarn.Tests.Data;

/// <summary>Parses files of hostile make: they are read or refused in a sentence, and cost no more memory than files of their size may.</summary>
internal static class Hostile
{
    public const string Name = "some/file";

    public static T Parse<T>(byte[] file, Func<UntrustedStream, T> parse) => UntrustedStream.Parse(new MemoryStream(file), Name, parse);

    public static void AssertRefused<T>(byte[] file, Func<UntrustedStream, T> parse, params string[] sentence)
    {
        string? refusal = RefusalOf(file, parse);
        Assert.That(refusal, Does.StartWith(Name));
        Assert.That(refusal, Does.Not.Contain("\n"));
        foreach (string part in sentence)
        {
            Assert.That(refusal, Does.Contain(part));
        }
    }

    public static void AssertEveryTruncationRefused<T>(byte[] whole, Func<UntrustedStream, T> parse)
    {
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.That(RefusalOf(whole[..length], parse), Is.Not.Null, $"{length} of {whole.Length} bytes");
        }
    }

    /// <summary>Reads mutants; at least a sixth of them is to be refused, or the mutation does not bite.</summary>
    public static void AssertReadOrRefused<T>(int trials, Func<Random, byte[]> mutant, Func<UntrustedStream, T> parse)
    {
        Random random = new(20);
        int refused = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            refused += RefusalOf(mutant(random), parse) is null ? 0 : 1;
        }
        Assert.That(refused, Is.GreaterThan(trials / 6));
    }

    private static string? RefusalOf<T>(byte[] file, Func<UntrustedStream, T> parse)
    {
        string? refusal = null;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Parse(file, parse);
        }
        catch (UserErrorException exception)
        {
            refusal = exception.Message;
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan((8 << 20) + (64L * file.Length)));
        return refusal;
    }
}
