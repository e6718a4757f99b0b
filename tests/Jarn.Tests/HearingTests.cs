using Jarn.Runner.Reporting;
using Spectre.Console;

namespace Jarn.Tests;

/// <summary>Tests that listen to the console beside each other.</summary>
public sealed class HearingTests
{
    [Test]
    public void A_test_hears_itself_and_the_threads_that_it_starts_and_nobody_else()
    {
        string heard = TestConsole.Output(() =>
        {
            Terminal.Output.Write("itself ");
            Run("its thread");
            using (ExecutionContext.SuppressFlow())
            {
                Run("another test's thread\n");
            }
            Console.Error.WriteLine("another stream");
        });
        Assert.That(heard, Is.EqualTo("itself its thread"));

        static void Run(string words)
        {
            Thread thread = new(() => Console.Write(words));
            thread.Start();
            thread.Join();
        }
    }

    [Test]
    public void What_is_said_goes_to_the_innermost_listener()
    {
        string inner = "";
        string outer = TestConsole.Said(() =>
        {
            Console.Error.Write("before ");
            inner = TestConsole.Error(() => Console.Error.Write("within"));
            Console.Out.Write("after");
        });
        Assert.That((outer, inner), Is.EqualTo(("before after", "within")));
    }
}
