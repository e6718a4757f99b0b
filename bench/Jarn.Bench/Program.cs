using System.Globalization;
using BenchmarkDotNet.Running;
using CommandLine;
using Jarn.Bench.Gpu;
using Jarn.Bench.Peers;
using Jarn.Bench.Scaling;

namespace Jarn.Bench;

internal static class Program
{
    /// <summary>
    /// BenchmarkDotNet's arguments, or one of: "scaling" prints tables of time against size ("scaling --quick" with fewer rounds), "gpu" checks and
    /// times a GPU, "roofline" prints docs/gpu-roofline.md. bench/peers/compare.py uses "peers", a server on standard input and output, and "fresh
    /// CASE RUNS", the first runs of a process.
    /// </summary>
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["peers"]:
                PeerServer.Run(Console.In, Console.Out);
                break;
            case ["fresh", string name, string runs]:
                FreshProcess.Run(name, int.Parse(runs, CultureInfo.InvariantCulture), Console.Out);
                break;
            case ["scaling", .. string[] options] when options is [] or ["--quick"]:
                using (ScalingTables tables = new(Console.Out, rounds: options is [] ? 9 : 3))
                {
                    tables.Print();
                }
                break;
            case ["gpu", ..]:
                return Parser.Default.ParseArguments<GpuOptions>(arguments).MapResult(options => GpuBenchmark.Run(options, Console.Out), _ => 2);
            case ["roofline"]:
                RooflinePage.Print(Console.Out);
                break;
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments);
                break;
        }
        return 0;
    }
}
