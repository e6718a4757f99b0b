using System.Diagnostics;

namespace Jarn.Bench.Scaling;

/// <summary>Something to be timed.</summary>
/// <param name="Label">Its row's first cell.</param>
/// <param name="Size">What it is plotted against: images, a width, threads, multiply-adds.</param>
/// <param name="Run">Does once what is timed.</param>
internal sealed record Subject(string Label, double Size, Action Run)
{
    private const double MillisecondsATurn = 100;

    /// <summary>
    /// Milliseconds a run of each, the median over rounds. In a round each has its turn, so that what slows the machine down for a while
    /// slows down all of them.
    /// </summary>
    public static double[] Measure(IReadOnlyList<Subject> subjects, int rounds)
    {
        int[] repetitions = [.. subjects.Select(subject => Math.Max(1, (int)(MillisecondsATurn / subject.WarmUp())))];
        double[][] times = [.. subjects.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < subjects.Count; i++)
            {
                times[i][round] = Milliseconds(subjects[i].Run, repetitions[i]);
            }
        }
        return [.. times.Select(Median)];
    }

    /// <summary>Runs until the machine code is final, or for half a second; the last run's milliseconds.</summary>
    private double WarmUp()
    {
        const int Calls = 60;
        Stopwatch stopwatch = Stopwatch.StartNew();
        double last = 0;
        for (int i = 0; i < Calls && (i == 0 || stopwatch.ElapsedMilliseconds < 5 * MillisecondsATurn); i++)
        {
            last = Milliseconds(Run, 1);
        }
        return last;
    }

    private static double Milliseconds(Action run, int repetitions)
    {
        Stopwatch stopwatch = Stopwatch.StartNew();
        for (int i = 0; i < repetitions; i++)
        {
            run();
        }
        return stopwatch.Elapsed.TotalMilliseconds / repetitions;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
