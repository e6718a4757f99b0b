namespace Jarn.Models;

/// <summary>Tells how far a task has come, and what there is to say of it.</summary>
public delegate void ProgressUpdate(long done, string status);

/// <summary>Shows people how far something long has come.</summary>
public interface IProgressDisplay
{
    /// <summary>A display that shows nothing.</summary>
    static IProgressDisplay None { get; } = new Silence();

    /// <summary>Runs a task of so many units, and shows its progress.</summary>
    void Track(string title, long total, Action<ProgressUpdate> task);

    private sealed class Silence : IProgressDisplay
    {
        public void Track(string title, long total, Action<ProgressUpdate> task) => task((_, _) => { });
    }
}
