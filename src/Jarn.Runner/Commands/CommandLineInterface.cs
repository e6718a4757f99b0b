using CommandLine;
using CommandLine.Text;

namespace Jarn.Runner.Commands;

/// <summary>From arguments to an exit code: 0 done, 2 bad input, said in one sentence on standard error.</summary>
public static class CommandLineInterface
{
    private const int Done = 0, BadInput = 2;

    public static int Run(string[] arguments)
    {
        using Parser parser = new(settings => settings.HelpWriter = null);
        ParserResult<object> parsed = parser.ParseArguments<TrainOptions, DataOptions, DevicesOptions>(arguments);
        try
        {
            return parsed.MapResult(
                (TrainOptions options) => TrainCommand.Run(options),
                (DataOptions options) => DataCommand.Run(options),
                (DevicesOptions _) => DevicesCommand.Run(),
                errors => Explain(parser, parsed, errors.First()));
        }
        catch (UserErrorException exception)
        {
            return Refuse(exception.Message);
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
        .AddPreOptionsLine("jarn devices lists what can be computed on, jarn data fetches, verifies and shows data sets. Without a verb, or after 'train', these options apply:");

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
