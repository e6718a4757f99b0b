using System.Diagnostics;
using System.Globalization;
using Jarn.Kernels;

namespace Jarn.Bench.Peers;

/// <summary>
/// Answers bench/peers/compare.py, a line for a line, so that both processes stay warm and take turns. "prepare CASE FILE" computes a case and
/// writes its inputs and outputs; "time N" repeats it and answers milliseconds a repetition.
/// A case is KIND/SHAPE/OPERATION, e.g. convolution/32,32,160,160,3,1/forward.
/// </summary>
internal static class PeerServer
{
    private const int Threads = 2;

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
                    current = Create(device, words[1]);
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

    private static PeerCase Create(IDevice device, string name)
    {
        string[] parts = name.Split('/');
        int[] shape = parts[0] == "mnist" ? [] : [.. parts[1].Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return parts[0] switch
        {
            "convolution" => new ConvCase(device, new Layer(shape[0], shape[1], shape[2], shape[3], shape[4], shape[5]), parts[2]),
            "batch-norm" => new BatchNormCase(device, shape[0], shape[1], parts[2]),
            "mnist" => new StepCase(device, parts[1]),
            _ => throw new ArgumentException($"no such case: {name}"),
        };
    }
}
