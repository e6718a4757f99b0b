using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>Runs a command line and returns an <see cref="ExitCode"/>.</summary>
public static class CommandLineInterface
{
    /// <summary>The commands, each by the options that it takes.</summary>
    private static readonly Dictionary<Type, Func<object, int>> Commands = new()
    {
        [typeof(TrainOptions)] = options => TrainCommand.Run((TrainOptions)options),
        [typeof(EvaluateOptions)] = options => EvaluateCommand.Run((EvaluateOptions)options),
        [typeof(AuditOptions)] = options => AuditCommand.Run((AuditOptions)options),
        [typeof(PredictOptions)] = options => PredictCommand.Run((PredictOptions)options),
        [typeof(ExportOptions)] = options => ExportCommand.Run((ExportOptions)options),
        [typeof(ImportOptions)] = options => ImportCommand.Run((ImportOptions)options),
        [typeof(DataOptions)] = options => DataCommand.Run((DataOptions)options),
        [typeof(ReproduceOptions)] = options => ReproduceCommand.Run((ReproduceOptions)options),
        [typeof(ReportOptions)] = options => ReportCommand.Run((ReportOptions)options),
        [typeof(RunsOptions)] = options => RunsCommand.Run((RunsOptions)options),
        [typeof(DevicesOptions)] = _ => DevicesCommand.Run(),
        [typeof(KernelsOptions)] = options => KernelsCommand.Run((KernelsOptions)options),
    };

    /// <summary>The command that runs if none is named.</summary>
    private static Type Usual => Commands.Keys.Single(options => Arguments.VerbOf(options).IsDefault);

    private static IEnumerable<string> Names => Commands.Keys.Select(options => Arguments.VerbOf(options).Name);

    public static int Run(string[] words)
    {
        try
        {
            if (words is ["version" or "--version" or "-V", ..])
            {
                Console.WriteLine($"jarn {Versions.Current.Jarn}");
                return ExitCode.Done.Number;
            }
            Type? command = words is [string first, ..] ? Named(first) : null;
            string[] rest = command is null ? words : words[1..];
            if (Help(command, rest) is string page)
            {
                Console.WriteLine(page);
                return ExitCode.Done.Number;
            }
            object options = Parse(words);
            return Commands[options.GetType()](options);
        }
        catch (Exception exception) when (UserErrorException.SentenceOf(exception) is string sentence)
        {
            return Refuse(sentence);
        }
        catch (RunInterruptedException exception)
        {
            Refuse(exception.Message);
            return exception.ExitCode;
        }
    }

    /// <summary>The options of the command that is named, or of train.</summary>
    /// <exception cref="UserErrorException">There is no such command, or it can't use what was typed.</exception>
    public static object Parse(string[] words) => words switch
    {
        [string first, .. string[] rest] when Named(first) is Type command => Arguments.Read(command, rest),
        [[not '-', ..] first, ..] => throw NoCommand(first),
        _ => Arguments.Read(Usual, words),
    };

    private static Type? Named(string word) =>
        Commands.Keys.FirstOrDefault(options => Arguments.VerbOf(options).Name.Equals(word, StringComparison.OrdinalIgnoreCase));

    private static UserErrorException NoCommand(string word) => new(Suggestion.Question(word, Names) is { Length: > 0 } question
        ? $"there is no command '{word}'{question}" : $"there is no command '{word}': 'jarn --help' lists the commands");

    /// <summary>The page that is asked for, of the program, a command, or one group of its options; null where none is.</summary>
    private static string? Help(Type? command, string[] rest)
    {
        int place = rest is ["help", ..] ? 0 : Array.FindIndex(rest, word => word is "--help" or "-h" or "-?");
        if (place < 0)
        {
            return null;
        }
        string[] topics = [.. rest.Skip(place + 1).TakeWhile(word => !word.StartsWith('-'))];
        if (command is null && place == 0)
        {
            if (topics is not [string name, .. string[] more])
            {
                return HelpPage.OfProgram([.. Commands.Keys]);
            }
            (command, topics) = (Named(name) ?? throw NoCommand(name), more);
        }
        return topics is [string topic, ..] ? HelpPage.OfGroup(command ?? Usual, topic) : HelpPage.OfVerb(command ?? Usual);
    }

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine($"jarn: {sentence}");
        return ExitCode.BadInput.Number;
    }
}
