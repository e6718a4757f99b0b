using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner;

/// <summary>
/// What a user can put right: the message is one sentence that says what is wrong, where, and what to do. The program prints it alone
/// and ends with exit code 2.
/// </summary>
public class UserErrorException(string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    /// <summary>The sentence for what a user can put right, wherever it was found; null for a fault of the program.</summary>
    public static string? SentenceOf(Exception exception) => exception switch
    {
        UserErrorException or DeviceMemoryException => exception.Message,
        NonFiniteLogitsException => $"{exception.Message}; train it again, for example with a smaller --learning-rate, or give another classifier",
        OnnxException => $"{exception.Message}: give --format safetensors",
        _ => null,
    };

    /// <summary>Whether an exception is the file system's refusal (absent, forbidden, full, too long…), not a fault of the program.</summary>
    public static bool IsFileSystemRefusal(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Why the file system refused, in words that can stand in brackets after a path.</summary>
    public static string Reason(Exception refusal) => refusal switch
    {
        FileNotFoundException => "it does not exist",
        DirectoryNotFoundException => "its folder does not exist",
        UnauthorizedAccessException => "permission denied",
        // "No space left on device : '/the/path'": the sentence names the path already.
        _ => refusal.Message.Split(" : '")[0].TrimEnd('.'),
    };
}
