using System.Globalization;
using System.Reflection;
using CommandLine;
using CommandLine.Text;
using Jarn.Models;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Commands;

/// <summary>What <c>--help</c> prints, from the attributes that the options are parsed by: a screen for the program, and one for each verb.</summary>
public static class HelpPage
{
    /// <summary>A group with more options than this is listed by names alone, and explained where it is asked for.</summary>
    private const int MostExplained = 12;

    /// <summary>The help of the program: its verbs and exit codes.</summary>
    /// <param name="verbs">The types of the verbs' options, the default verb first.</param>
    public static string OfProgram(IReadOnlyList<Type> verbs) => new HelpWriter()
        .Paragraph("jarn [COMMAND] [options]")
        .Paragraph("Train image classifiers with Jacobian adversarial regularisation, and measure how well they withstand attacks.")
        .Heading("Commands (default: train)")
        .Rows([.. verbs.Select(Arguments.VerbOf).Select(verb => (verb.Name, verb.HelpText))])
        .Heading("Examples")
        .Rows([.. verbs.Select(verb => Examples(verb).FirstOrDefault()).Where(example => example.Command is not null).Take(3)])
        .Heading("Exit codes")
        .Rows([.. ExitCode.All.Select(code => (code.Number.ToString(CultureInfo.InvariantCulture), code.Meaning))])
        .Heading("'jarn COMMAND --help' lists the options of a command, 'jarn --version' shows the version.")
        .ToString();

    /// <summary>The help of a verb: examples and options. A large group of options is listed by names.</summary>
    public static string OfVerb(Type options)
    {
        VerbAttribute verb = Arguments.VerbOf(options);
        IReadOnlyList<Declaration> values = Declaration.OperandsOf(options);
        string operands = string.Concat(values.Prepend(Declaration.UnnamedOf(options)).OfType<Declaration>().Select(value => $" {value.Word}"));
        HelpWriter page = new HelpWriter().Paragraph($"jarn {verb.Name}{operands} [options]").Paragraph(verb.HelpText);
        if (Examples(options) is { Count: > 0 } examples)
        {
            page.Heading("Examples").Rows(examples);
        }
        foreach (OptionGroup group in Groups(options))
        {
            (string, string)[] operandRows = group.Heading == OptionGroupAttribute.Own ? [.. values.Select(value => Row(options, value))] : [];
            if (group.Options.Count > MostExplained)
            {
                page.Heading($"{group.Heading} ('jarn {verb.Name} --help {group.Topic}' explains them)").Flow(group.Options.Select(Name));
            }
            else if (group.Options.Count + operandRows.Length > 0)
            {
                page.Heading(group.Heading).Rows([.. operandRows, .. group.Options.Select(option => Row(options, option))]);
            }
        }
        return page.ToString();
    }

    /// <summary>The help of one group of a verb's options, with an explanation of each.</summary>
    /// <exception cref="UserErrorException">The verb has no such group.</exception>
    public static string OfGroup(Type options, string topic)
    {
        OptionGroup[] groups = [.. Groups(options).Where(group => group.Options.Count > 0)];
        OptionGroup group = groups.FirstOrDefault(group => group.Topic == topic)
            ?? throw new UserErrorException(
                $"there is no help on {topic}: give {string.Join(", ", groups.Select(group => group.Topic))}, or --help alone");
        HelpWriter page = new HelpWriter().Paragraph($"jarn {Arguments.VerbOf(options).Name} [options]");
        (string, string)[] choices = topic switch
        {
            "method" => [.. MethodDefinition.List.All.Select(method => (method.Name, method.Summary))],
            "network" => [.. NetworkDefinition.List.All.Select(network => (network.Name, network.Summary))],
            _ => [],
        };
        if (choices.Length > 0)
        {
            page.Heading($"--{topic}").Rows(choices);
        }
        return page.Heading(group.Heading).Rows([.. group.Options.Select(option => Row(options, option))]).ToString();
    }

    /// <summary>The examples that a verb's options give under <see cref="UsageAttribute"/>, as typed and in words.</summary>
    public static IReadOnlyList<(string Command, string Purpose)> Examples(Type options)
    {
        PropertyInfo? property = options.GetProperties(BindingFlags.Public | BindingFlags.Static)
            .FirstOrDefault(property => property.IsDefined(typeof(UsageAttribute)));
        return property?.GetValue(null) is IEnumerable<Example> examples
            ? [.. examples.Select(example => (Arguments.Format(example.Sample), example.HelpText))]
            : [];
    }

    /// <summary>The verb's own options first, then those of its base classes.</summary>
    private static IEnumerable<OptionGroup> Groups(Type options)
    {
        ILookup<string, Declaration> headed = Declaration.OptionsOf(options).ToLookup(option => option.Heading);
        return headed.Select(group => group.Key).Prepend(OptionGroupAttribute.Own).Distinct()
            .Select(heading => new OptionGroup(heading, [.. headed[heading]]));
    }

    private static string Name(Declaration option) => $"{option.Name} {option.Word}".TrimEnd();

    private static (string, string) Row(Type options, Declaration declared)
    {
        string aliases = string.Concat(declared.Names.Skip(1).Select(alias => $" (also --{alias})"));
        string[] conditions = [.. declared.Conditions.Select(condition => Heeding.Describe(options, condition.Setting, condition.Values))];
        string only = conditions.Length > 0 ? $" (only with {string.Join(" and ", conditions)})" : "";
        string otherwise = declared.IsRequired ? " (required)"
            : declared.Default is object standard ? string.Create(CultureInfo.InvariantCulture, $" (default: {standard})") : "";
        return (declared.LongName is null ? declared.Word : Name(declared), declared.Help.TrimEnd('.') + aliases + only + otherwise);
    }

    private sealed record OptionGroup(string Heading, IReadOnlyList<Declaration> Options)
    {
        /// <summary>The heading's first word.</summary>
        public string Topic => Heading.Split(' ', ':', '-')[0].ToLowerInvariant();
    }
}
