using CommandLine;
using CommandLine.Text;
using Jarn.Runner;
using Jarn.Runner.Commands;

const int badInput = 2;

using Parser parser = new(settings =>
{
    settings.HelpWriter = null;
    settings.CaseInsensitiveEnumValues = true;
});
ParserResult<object> parsed = parser.ParseArguments<TrainOptions, DevicesOptions>(args);
try
{
    return parsed.MapResult(
        (TrainOptions options) => TrainCommand.Run(options),
        (DevicesOptions _) => DevicesCommand.Run(),
        Explain);
}
catch (UserErrorException exception)
{
    Console.Error.WriteLine($"jarn: {exception.Message}");
    return badInput;
}

int Explain(IEnumerable<Error> errors)
{
    Error first = errors.First();
    if (first is HelpRequestedError or HelpVerbRequestedError or VersionRequestedError)
    {
        Console.WriteLine(first is VersionRequestedError ? HelpText.AutoBuild(parsed).Heading : HelpText.AutoBuild(parsed, help =>
        {
            help.AdditionalNewLineAfterOption = false;
            help.MaximumDisplayWidth = 120;
            return HelpText.DefaultParsingErrorsHandler(parsed, help);
        }, example => example, verbsIndex: first is HelpVerbRequestedError { Matched: false }));
        return 0;
    }
    Console.Error.WriteLine($"jarn: {SentenceBuilder.Create().FormatError(first).TrimEnd('.')}: 'jarn --help' lists what there is");
    return badInput;
}
