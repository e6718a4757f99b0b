using System.Globalization;
using Spectre.Console;

namespace Jarn.Runner.Reports;

/// <summary>Tells how far a task has come, and what there is to say of it.</summary>
public delegate void ProgressUpdate(long done, string status);

/// <summary>What a person sees while a run goes on.</summary>
public interface IDisplay
{
    /// <summary>Shows the progress of a task of so many units.</summary>
    void Track(string title, long total, Action<ProgressUpdate> task);

    /// <summary>One line that stays.</summary>
    void Note(string line);
}

public static class Display
{
    /// <summary>A live bar on a terminal, plain lines elsewhere, or nothing.</summary>
    public static IDisplay For(bool quiet) => quiet ? new SilentDisplay() : Console.IsOutputRedirected ? new PlainDisplay() : new LiveDisplay();
}

internal sealed class SilentDisplay : IDisplay
{
    public void Track(string title, long total, Action<ProgressUpdate> task) => task((_, _) => { });

    public void Note(string line)
    {
    }
}

/// <summary>A line at most every few seconds: fit for logs.</summary>
internal sealed class PlainDisplay : IDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public void Track(string title, long total, Action<ProgressUpdate> task)
    {
        long shownAt = Environment.TickCount64, shownDone = 0;
        task((done, status) =>
        {
            long now = Environment.TickCount64, elapsed = now - shownAt;
            if (elapsed < Interval.TotalMilliseconds && done < total)
            {
                return;
            }
            // From the pace since the last line: JARN's second part is several times slower than its first.
            TimeSpan left = TimeSpan.FromMilliseconds(elapsed * (double)(total - done) / Math.Max(done - shownDone, 1));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {100.0 * done / total:0} %, {status}, {left:h\\:mm\\:ss} left"));
            (shownAt, shownDone) = (now, done);
        });
    }

    public void Note(string line) => Console.WriteLine(line);
}

internal sealed class LiveDisplay : IDisplay
{
    public void Track(string title, long total, Action<ProgressUpdate> task) => Terminal.Output.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new RemainingTimeColumn())
        .Start(context =>
        {
            ProgressTask bar = context.AddTask(Markup.Escape(title), maxValue: total);
            task((done, status) =>
            {
                bar.Value = done;
                bar.Description = Markup.Escape($"{title}: {status}");
            });
        });

    public void Note(string line) => Terminal.Output.MarkupLineInterpolated($"[grey]{line}[/]");
}
