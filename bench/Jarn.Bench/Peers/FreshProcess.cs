using System.Diagnostics;
using System.Globalization;
using Jarn.Kernels;

namespace Jarn.Bench.Peers;

/// <summary>
/// A case's first runs in a process of its own, for what a warm one can't show. Prints "before BYTES", the resident memory with everything built;
/// "first" as soon as the first run is done; and "peak BYTES", the most that was ever resident.
/// </summary>
internal static class FreshProcess
{
    public static void Run(string name, int runs, TextWriter output)
    {
        using CpuDevice device = new(PeerServer.Threads);
        using PeerCase subject = PeerCases.Create(device, name);
        Print(output, "before", process => process.WorkingSet64);
        subject.Run();
        output.WriteLine("first");
        output.Flush();
        for (int i = 1; i < runs; i++)
        {
            subject.Run();
        }
        Print(output, "peak", process => process.PeakWorkingSet64);
    }

    private static void Print(TextWriter output, string word, Func<Process, long> bytes)
    {
        using Process process = Process.GetCurrentProcess();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word} {bytes(process)}"));
    }
}
