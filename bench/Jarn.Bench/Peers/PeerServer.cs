using System.Diagnostics;
using System.Globalization;
using Jarn.Kernels;

namespace Jarn.Bench.Peers;

/// <summary>
/// Answers bench/peers/compare.py, a line for a line, so that both processes stay warm and take turns. "prepare CASE FILE" computes a case and
/// writes its inputs and outputs; "time N" repeats it and answers milliseconds a repetition.
/// </summary>
internal static class PeerServer
{
    public const int Threads = 2;

    public static void Run(TextReader input, TextWriter output)
    {
        using CpuDevice device = new(Threads);
        PeerCase? current = null;
        while (input.ReadLine() is string line)
        {
            string[] words = line.Split(' ', 3);
            string answer = "done";
            switch (words[0])
            {
                case "prepare":
                    current?.Dispose();
                    current = PeerCases.Create(device, words[1]);
                    current.Export(words[2]);
                    break;
                case "time":
                    answer = Time(current!, int.Parse(words[1], CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
                    break;
                default:
                    throw new ArgumentException($"no such command: {line}");
            }
            output.WriteLine(answer);
            output.Flush();
        }
        current?.Dispose();
    }

    private static double Time(PeerCase subject, int repetitions)
    {
        Stopwatch stopwatch = Stopwatch.StartNew();
        for (int i = 0; i < repetitions; i++)
        {
            subject.Run();
        }
        return stopwatch.Elapsed.TotalMilliseconds / repetitions;
    }
}
