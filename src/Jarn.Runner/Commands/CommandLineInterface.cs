using System.Reflection;
using CommandLine;
using CommandLine.Text;
using Jarn.Kernels;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary>From arguments to an <see cref="ExitCode"/>.</summary>
public static class CommandLineInterface
{
    /// <summary>What there is to do, each by the options that it takes.</summary>
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

    private static IEnumerable<VerbAttribute> Verbs => Commands.Keys.Select(options => options.GetCustomAttribute<VerbAttribute>()!);

    public static int Run(string[] arguments)
    {
        using Parser parser = new(settings => settings.HelpWriter = null);
        ParserResult<object> parsed = parser.ParseArguments(arguments, [.. Commands.Keys]);
        if (parsed.Value is TrainOptions train)
        {
            train.Typed = Names(arguments);
        }
        try
        {
            return parsed.MapResult(options => Commands[options.GetType()](options), errors => Explain(arguments, parsed, errors.First()));
        }
        catch (Exception exception) when (exception is UserErrorException or DeviceMemoryException)
        {
            return Refuse(exception.Message);
        }
        catch (RunInterruptedException exception)
        {
            Refuse(exception.Message);
            return exception.ExitCode;
        }
    }

    /// <summary>Refuses what is no option: a verb that does not exist, or a value without its option's name.</summary>
    /// <exception cref="UserErrorException">There is such a thing.</exception>
    public static void RefuseStrays(IEnumerable<string> strays)
    {
        if (strays.FirstOrDefault() is string stray)
        {
            throw new UserErrorException(
                $"{stray} is neither a verb ({string.Join(", ", Verbs.Select(verb => verb.Name))}) nor an option: 'jarn --help' lists what there is");
        }
    }

    private static HashSet<string> Names(string[] arguments) =>
        [.. arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)).Select(argument => argument[2..].Split('=')[0])];

    private static int Explain(string[] arguments, ParserResult<object> parsed, Error error)
    {
        switch (error)
        {
            case VersionRequestedError:
                Console.WriteLine(HeadingInfo.Default);
                return ExitCode.Done.Number;
            // Behind other options the parser does not know it.
            case HelpRequestedError or UnknownOptionError { Token: "help" }:
                Console.WriteLine(Help(parsed.TypeInfo.Current, arguments));
                return ExitCode.Done.Number;
            case HelpVerbRequestedError { Matched: true } help:
                Console.WriteLine(Help(help.Type, arguments));
                return ExitCode.Done.Number;
            case HelpVerbRequestedError:
                Console.WriteLine(HelpPage.OfProgram([.. Commands.Keys]));
                return ExitCode.Done.Number;
            default:
                return Refuse($"{SentenceBuilder.Create().FormatError(error).TrimEnd('.')}: 'jarn --help' lists what there is");
        }
    }

    /// <summary>A word behind <c>--help</c> asks for one group of the options.</summary>
    private static string Help(Type options, string[] arguments) =>
        arguments.SkipWhile(argument => argument != "--help").Skip(1).FirstOrDefault() is string topic ? HelpPage.OfGroup(options, topic) : HelpPage.OfVerb(options);

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine($"jarn: {sentence}");
        return ExitCode.BadInput.Number;
    }
}
