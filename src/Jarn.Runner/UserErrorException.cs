namespace Jarn.Runner;

/// <summary>
/// What a user can put right: the message is one sentence that says what is wrong, where, and what to do. The program prints it alone
/// and ends with exit code 2.
/// </summary>
public class UserErrorException(string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    /// <summary>Whether an exception is the file system's refusal (absent, forbidden, full, too long…), not a fault of the program.</summary>
    public static bool IsFileSystemRefusal(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
