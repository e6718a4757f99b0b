using System.Globalization;
using Jarn.Models;
using Spectre.Console;
using Jarn.Runner.Experiments;

namespace Jarn.Runner.Reporting;

public static class Display
{
    /// <summary>A live bar on a terminal, plain lines elsewhere, or nothing.</summary>
    public static IDisplay For(bool quiet) => quiet ? new SilentDisplay()
        : Console.IsOutputRedirected || !Terminal.Output.Profile.Capabilities.Ansi ? new PlainDisplay() : new LiveDisplay(Terminal.Output);
}

internal sealed class SilentDisplay : IDisplay
{
    public void Track(string title, long total, Action<ProgressUpdate> task) => IProgressDisplay.None.Track(title, total, task);

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
        Pace pace = new(Interval);
        task((done, status) =>
        {
            if (pace.IsPast(done) || done >= total)
            {
                TimeSpan left = pace.Left(done, total);
                Console.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{title}: {100.0 * done / total:0} %, {status}, {left:h\\:mm\\:ss} left"));
                pace.Mark(done);
            }
        });
    }

    public void Note(string line) => Console.WriteLine(line);
}

/// <summary>A line with a bar that is written over and over, never wider than the terminal.</summary>
public sealed class LiveDisplay(IAnsiConsole console) : IDisplay
{
    private const int BarWidth = 24;

    /// <summary>Erases the line, and stays at its beginning: what others write does not begin behind the bar.</summary>
    private const string Erase = "\r\u001b[2K";

    private static readonly TimeSpan Redrawn = TimeSpan.FromSeconds(0.1), Measured = TimeSpan.FromSeconds(10);

    public void Track(string title, long total, Action<ProgressUpdate> task)
    {
        Pace drawn = new(Redrawn), measured = new(Measured);
        TimeSpan? left = null;
        string last = "";
        Draw($"{title} …");
        try
        {
            task((done, status) =>
            {
                if (measured.IsPast(done) || left is null)
                {
                    left = measured.Left(done, total);
                    measured.Mark(done);
                }
                last = Line(title, done, total, status, done >= total ? TimeSpan.Zero : left.Value);
                if (drawn.IsPast(done) || done >= total)
                {
                    Draw(last);
                    drawn.Mark(done);
                }
            });
        }
        finally
        {
            Write($"{Erase}{Fitting(last)}{(last == "" ? "" : Environment.NewLine)}");
        }
    }

    public void Note(string line)
    {
        Write(Erase);
        console.Write(new TextLines(line, style: new Style(Color.Grey)));
    }

    /// <summary>The line with the most important text first, because a narrow terminal cuts the rest.</summary>
    public static string Line(string title, long done, long total, string status, TimeSpan left)
    {
        int full = (int)(BarWidth * Math.Clamp(done, 0, total) / Math.Max(total, 1));
        string bar = new string('━', full) + new string('─', BarWidth - full);
        return string.Create(CultureInfo.InvariantCulture,
            $"{title} {100.0 * done / Math.Max(total, 1),3:0} % {bar} {left:h\\:mm\\:ss}  {status}");
    }

    private void Draw(string line) => Write($"{Erase}{Fitting(line)}\r");

    private string Fitting(string line) => TextLines.Cut(line, Math.Max(1, console.Profile.Width - 1));

    /// <summary>A terminal that was closed takes nothing: what runs in it is to be saved all the same.</summary>
    private static void Write(string text)
    {
        try
        {
            Console.Write(text);
        }
        catch (IOException)
        {
            // There is nobody to be told.
        }
    }
}

/// <summary>Estimates the pace of a task from that since the last mark, because JARN's second part is several times slower than its first.</summary>
internal sealed class Pace(TimeSpan interval)
{
    private long _markedAt = Environment.TickCount64, _markedDone;

    /// <summary>Whether the last mark is so long ago.</summary>
    public bool IsPast(long done) => done > _markedDone && Environment.TickCount64 - _markedAt >= interval.TotalMilliseconds;

    public TimeSpan Left(long done, long total) =>
        TimeSpan.FromMilliseconds((Environment.TickCount64 - _markedAt) * (double)Math.Max(total - done, 0) / Math.Max(done - _markedDone, 1));

    public void Mark(long done) => (_markedAt, _markedDone) = (Environment.TickCount64, done);
}
