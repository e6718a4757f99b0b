using Jarn.Models;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>Refuses options that were typed and would be ignored, as <see cref="HeededByAttribute"/> declares.</summary>
public static class Heeding
{
    /// <summary>Values of the setting "network", for options that concern batch norm.</summary>
    public const string WithBatchNorm = "with batch norm", WithoutBatchNorm = "without batch norm";

    /// <summary>Values of the setting "attack", for options that concern random numbers.</summary>
    public const string WithRandomStart = "with random starts", WithoutRandomStart = "without random starts";

    /// <summary>Checks that every option that was typed has an effect with the value of a setting.</summary>
    /// <param name="verb">The type of the verb's options.</param>
    /// <param name="typed">The names of the options, without dashes.</param>
    /// <param name="setting">The name of the setting, as in <see cref="HeededByAttribute.Setting"/>.</param>
    /// <param name="values">The value of the setting; several if a command does several things.</param>
    /// <exception cref="UserErrorException">An option has no effect; the message says when it would have one.</exception>
    public static void Require(Type verb, IReadOnlySet<string> typed, string setting, params IReadOnlyCollection<string> values)
    {
        foreach (Declaration option in Declaration.OptionsOf(verb).Where(option => typed.Contains(option.LongName!)))
        {
            if (option.Conditions.FirstOrDefault(unmet => unmet.Setting == setting && !unmet.Values.Intersect(values).Any()) is { } condition)
            {
                throw new UserErrorException($"{option.Name} has no effect with {Describe(verb, setting, values)}: "
                    + $"it is for {Describe(verb, setting, condition.Values)}");
            }
        }
    }

    /// <summary>Checks the options against a classifier that was read, which has batch norm or not.</summary>
    /// <exception cref="UserErrorException">An option has no effect.</exception>
    public static void Require(DeviceOptions options, Network classifier) =>
        Require(options.GetType(), options.Typed, "network", classifier.RunningStatistics.Count > 0 ? WithBatchNorm : WithoutBatchNorm);

    /// <summary>Checks the options against every setting that is an option or an operand of the verb.</summary>
    /// <exception cref="UserErrorException">An option has no effect.</exception>
    public static void RequireByOptions(object options, IReadOnlySet<string> typed)
    {
        Type verb = options.GetType();
        foreach (Declaration setting in Declaration.OptionsOf(verb).Concat(Declaration.OperandsOf(verb)))
        {
            if (setting.Of(options) is string value)
            {
                Require(verb, typed, setting.LongName ?? setting.Word, value);
            }
        }
    }

    /// <summary>A setting with some of its values, as a user would give it.</summary>
    public static string Describe(Type verb, string setting, IReadOnlyCollection<string> values)
    {
        string either = values.Count > 1 ? $"{string.Join(", ", values.SkipLast(1))} or {values.Last()}" : values.Single();
        return Declaration.OptionsOf(verb).Any(option => option.LongName == setting) ? $"--{setting} {either}"
            : Declaration.OperandsOf(verb).Any(operand => operand.Word == setting) ? $"'jarn {Arguments.VerbOf(verb).Name} {either}'"
            : either.StartsWith("with", StringComparison.Ordinal) ? $"{("aeiou".Contains(setting[0]) ? "an" : "a")} {setting} {either}"
            : $"the {setting} {either}";
    }
}
