using BenchmarkDotNet.Running;
using Jarn.Bench.Peers;

namespace Jarn.Bench;

internal static class Program
{
    /// <summary>BenchmarkDotNet's arguments, or "peers" to serve bench/peers/compare.py on standard input and output.</summary>
    private static void Main(string[] arguments)
    {
        if (arguments is ["peers"])
        {
            PeerServer.Run(Console.In, Console.Out);
            return;
        }
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments);
    }
}
