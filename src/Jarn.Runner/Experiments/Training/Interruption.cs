using System.Runtime.InteropServices;

namespace Jarn.Runner.Experiments.Training;

/// <summary>A run was asked to stop, and can be continued; the message says how.</summary>
public sealed class RunInterruptedException(PosixSignal signal, string sentence) : Exception(sentence)
{
    /// <summary>128 plus the signal's number, as shells report it.</summary>
    public int ExitCode { get; } = Interruption.ExitCode(signal);
}

/// <summary>
/// A wish that the run stop after the step under way: Ctrl-C (SIGINT), SIGTERM, or a terminal that was closed (SIGHUP). A second Ctrl-C or SIGTERM
/// ends the process at once, and so does the first signal where there is nothing to be saved.
/// </summary>
public sealed class Interruption : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Lock _gate = new();
    private string? _farewell;

    /// <summary>The signal that was received; null for none yet.</summary>
    public PosixSignal? Signal { get; private set; }

    /// <summary>An interruption by the signals of the process.</summary>
    public static Interruption OfProcess()
    {
        Interruption interruption = new();
        HangUpSignal.Restore();
        foreach (PosixSignal signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            interruption._registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = interruption.Receive(context.Signal)));
        }
        return interruption;
    }

    public static int ExitCode(PosixSignal signal) => 128 + signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        _ => 15,
    };

    /// <summary>Wishes that the run stop.</summary>
    public void Request(PosixSignal signal) => Signal ??= signal;

    /// <summary>Called when nothing needs to be saved any more: a signal then ends the process at once, with a message.</summary>
    /// <exception cref="RunInterruptedException">There was one already.</exception>
    public void EndAtOnce(string farewell)
    {
        lock (_gate)
        {
            _farewell = farewell;
        }
        if (Signal is PosixSignal signal)
        {
            throw new RunInterruptedException(signal, farewell);
        }
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    /// <returns>Whether the process goes on.</returns>
    private bool Receive(PosixSignal signal)
    {
        lock (_gate)
        {
            if (signal == PosixSignal.SIGHUP && Signal is not null)
            {
                // A closing terminal sends it more than once, itself and through the shell: no wish to lose the step.
                return true;
            }
            if (_farewell is null && Signal is null)
            {
                Request(signal);
                Say("finishing this step; press Ctrl-C again to stop at once");
                return true;
            }
            if (_farewell is not null)
            {
                Say(_farewell);
            }
        }
        Environment.Exit(ExitCode(signal));
        return true;
    }

    /// <summary>A terminal that was closed can't be written to, and the step is to be saved all the same.</summary>
    private static void Say(string sentence)
    {
        try
        {
            Console.Error.WriteLine($"jarn: {sentence}");
        }
        catch (IOException)
        {
            // There is nobody to be told.
        }
    }
}
