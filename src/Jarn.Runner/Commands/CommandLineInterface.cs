using System.Reflection;
using CommandLine;
using CommandLine.Text;
using Jarn.Kernels;

namespace Jarn.Runner.Commands;

/// <summary>From arguments to an exit code: 0 done, 2 bad input, said in one sentence on standard error.</summary>
public static class CommandLineInterface
{
    private const int Done = 0, BadInput = 2;

    /// <summary>What there is to do, each by the options that it takes.</summary>
    private static readonly Dictionary<Type, Func<object, int>> Commands = new()
    {
        [typeof(TrainOptions)] = options => TrainCommand.Run((TrainOptions)options),
        [typeof(EvaluateOptions)] = options => EvaluateCommand.Run((EvaluateOptions)options),
        [typeof(DataOptions)] = options => DataCommand.Run((DataOptions)options),
        [typeof(ReproduceOptions)] = options => ReproduceCommand.Run((ReproduceOptions)options),
        [typeof(ReportOptions)] = options => ReportCommand.Run((ReportOptions)options),
        [typeof(DevicesOptions)] = _ => DevicesCommand.Run(),
        [typeof(KernelsOptions)] = options => KernelsCommand.Run((KernelsOptions)options),
    };

    private static IEnumerable<VerbAttribute> Verbs => Commands.Keys.Select(options => options.GetCustomAttribute<VerbAttribute>()!);

    public static int Run(string[] arguments)
    {
        using Parser parser = new(settings => settings.HelpWriter = null);
        ParserResult<object> parsed = parser.ParseArguments(arguments, [.. Commands.Keys]);
        try
        {
            return parsed.MapResult(options => Commands[options.GetType()](options), errors => Explain(parser, parsed, errors.First()));
        }
        catch (Exception exception) when (exception is UserErrorException or DeviceMemoryException)
        {
            return Refuse(exception.Message);
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

    private static int Explain(Parser parser, ParserResult<object> parsed, Error error)
    {
        switch (error)
        {
            case VersionRequestedError:
                Console.WriteLine(HelpText.AutoBuild(parsed).Heading);
                return Done;
            case HelpRequestedError or HelpVerbRequestedError { Matched: true }:
                Console.WriteLine(HelpText.AutoBuild(parsed, Compact, example => example));
                return Done;
            case HelpVerbRequestedError:
                Console.WriteLine(HelpText.AutoBuild(parser.ParseArguments<TrainOptions>(["--help"]), WithVerbs, example => example));
                return Done;
            default:
                return Refuse($"{SentenceBuilder.Create().FormatError(error).TrimEnd('.')}: 'jarn --help' lists what there is");
        }
    }

    private static HelpText WithVerbs(HelpText help) => Compact(help)
        .AddPreOptionsLine("")
        .AddPreOptionsLines(Verbs.Where(verb => !verb.IsDefault).Select(verb => $"jarn {verb.Name}: {verb.HelpText}"))
        .AddPreOptionsLine("Without a verb, or after 'train', these options apply:");

    private static HelpText Compact(HelpText help)
    {
        help.AdditionalNewLineAfterOption = false;
        help.MaximumDisplayWidth = 140;
        help.Copyright = "";
        return help;
    }

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine($"jarn: {sentence}");
        return BadInput;
    }
}
