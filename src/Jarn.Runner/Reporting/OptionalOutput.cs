namespace Jarn.Runner.Reporting;

/// <summary>
/// A file that a run can do without, such as a page or TensorBoard's log. If writing it fails, that is said once, and the run continues.
/// </summary>
/// <param name="isWanted">Whether it is to be written at all.</param>
/// <param name="consequence">A sentence for the user, behind the one that says what failed.</param>
public sealed class OptionalOutput(bool isWanted, string consequence)
{
    /// <summary>Whether it is wanted and has not failed.</summary>
    public bool IsWanted { get; private set; } = isWanted;

    public void Try(Action write)
    {
        if (!IsWanted)
        {
            return;
        }
        try
        {
            write();
        }
        catch (Exception exception) when (UserErrorException.SentenceOf(exception) is string sentence)
        {
            IsWanted = false;
            Console.Error.WriteLine($"Note: {sentence}. {consequence}");
        }
    }
}
