using System.Text;

// Beside each other run fixtures, not the tests of one: a fixture may have state. What changes the whole process is NonParallelizable.
[assembly: Parallelizable(ParallelScope.Fixtures)]

namespace Jarn.Tests;

/// <summary>Standard output and error while tests run side by side: what a test writes while it listens is heard by that test alone.</summary>
[SetUpFixture]
public sealed class TestConsole
{
    private static readonly Switch Out = new(Console.Out), Errors = new(Console.Error);

    [OneTimeSetUp]
    public void Connect()
    {
        Console.SetOut(Out);
        Console.SetError(Errors);
    }

    /// <summary>What an action writes to standard output.</summary>
    public static string Output(Action action) => Heard(action, Out);

    /// <summary>What an action writes to standard error.</summary>
    public static string Error(Action action) => Heard(action, Errors);

    /// <summary>All that goes to the terminal.</summary>
    public static string Said(Action action) => Heard(action, Out, Errors);

    private static string Heard(Action action, params Switch[] streams)
    {
        using StringWriter heard = new() { NewLine = "\n" };
        TextWriter?[] before = Array.ConvertAll(streams, stream => stream.Listener.Value);
        Array.ForEach(streams, stream => stream.Listener.Value = heard);
        try
        {
            action();
        }
        finally
        {
            for (int i = 0; i < streams.Length; i++)
            {
                streams[i].Listener.Value = before[i];
            }
        }
        return heard.ToString();
    }

    /// <summary>Writes to whoever listens to this flow of control, and to the threads and tasks that it starts.</summary>
    private sealed class Switch(TextWriter otherwise) : TextWriter
    {
        public AsyncLocal<TextWriter?> Listener { get; } = new();

        public override Encoding Encoding => otherwise.Encoding;

        private TextWriter Current => Listener.Value ?? otherwise;

        public override void Write(char value) => Current.Write(value);

        public override void Write(char[] buffer, int index, int count) => Current.Write(buffer, index, count);

        public override void Write(string? value) => Current.Write(value);

        public override void Flush() => Current.Flush();
    }
}
