using System.Globalization;
using System.Reflection;
using CommandLine;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>
/// From words to the options of a verb. What no command could use is refused here, in one place and before any work: unknown, repeated and empty
/// options, values of another kind, and options that would be ignored.
/// </summary>
public sealed class Arguments
{
    private readonly Type _verb;
    private readonly IReadOnlyList<Declaration> _options;
    private readonly Dictionary<Declaration, IReadOnlyList<string>> _values = [];
    private readonly List<string> _operands = [];

    private Arguments(Type verb) => (_verb, _options) = (verb, Declaration.OptionsOf(verb));

    private string Verb => VerbOf(_verb).Name;

    /// <summary>Parses the options of a verb.</summary>
    /// <param name="verb">The type of the verb's options.</param>
    /// <param name="words">The words after the verb.</param>
    /// <exception cref="UserErrorException">An option is unknown or its value can't be used; the message names it.</exception>
    public static object Read(Type verb, IReadOnlyList<string> words)
    {
        Arguments arguments = new(verb);
        arguments.Sort(words);
        arguments.PlaceOperands();
        return arguments.Build();
    }

    /// <summary>The command line that <see cref="Read"/> makes these options of.</summary>
    public static string Format(object options)
    {
        Type verb = options.GetType();
        object usual = Activator.CreateInstance(verb)!;
        Declaration? unnamed = Declaration.UnnamedOf(verb);
        IEnumerable<string> operands = Declaration.OperandsOf(verb).Prepend(unnamed).OfType<Declaration>().SelectMany(Values);
        IEnumerable<string> named = Declaration.OptionsOf(verb)
            .Where(option => option.LongName != unnamed?.LongName && !Equals(option.Of(options), option.Of(usual)))
            .SelectMany(option => Values(option).Prepend(option.Name));
        return string.Join(' ', ["jarn", VerbOf(verb).Name, .. operands, .. named]);

        IEnumerable<string> Values(Declaration declared) => declared.Of(options) switch
        {
            null or bool => [],
            IEnumerable<string> list => list,
            object value => [System.Convert.ToString(value, CultureInfo.InvariantCulture)!],
        };
    }

    internal static VerbAttribute VerbOf(Type options) => options.GetCustomAttribute<VerbAttribute>()!;

    /// <summary>Whether a word can't be a value: it begins with a dash and is no negative number.</summary>
    private static bool IsName(string word) => word is ['-', not (>= '0' and <= '9' or '.'), ..];

    /// <summary>Sorts words into options, their values, and operands.</summary>
    private void Sort(IReadOnlyList<string> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i] == "--")
            {
                _operands.AddRange(words.Skip(i + 1));
                return;
            }
            if (!IsName(words[i]))
            {
                _operands.Add(words[i]);
                continue;
            }
            string[] parts = words[i].Split('=', 2);
            Declaration option = Named(parts[0]);
            List<string> values = [.. parts.Skip(1)];
            int most = option.IsFlag ? 0 : option.IsList ? int.MaxValue : 1;
            while (values.Count < most && i + 1 < words.Count && !IsName(words[i + 1]))
            {
                values.Add(words[++i]);
            }
            Add(option, values);
        }
    }

    private Declaration Named(string word)
    {
        string name = word.TrimStart('-').ToLowerInvariant();
        return _options.FirstOrDefault(option => word.StartsWith("--", StringComparison.Ordinal) && option.Names.Contains(name))
            ?? throw new UserErrorException(Suggestion.Question(name, _options.SelectMany(option => option.Names), "--") is { Length: > 0 } question
                ? $"there is no option {word}{question}" : $"there is no option {word}: 'jarn {Verb} --help' lists the options");
    }

    private void Add(Declaration option, IReadOnlyList<string> values)
    {
        if (option.IsFlag && values.Count > 0)
        {
            throw new UserErrorException($"{option.Name} takes no value, and '{values[0]}' is given: leave that out");
        }
        if (!option.IsFlag && values.Count == 0)
        {
            throw new UserErrorException($"{option.Name} needs a value, as in {option.Name} {option.Word}: 'jarn {Verb} --help' explains it");
        }
        if (!_values.TryAdd(option, [.. values.Select(value => Value(option, value))]))
        {
            throw new UserErrorException($"{option.Name} is given twice: give it once");
        }
    }

    /// <summary>Operands are the required option's whose name was left out, and then those that the verb declares.</summary>
    private void PlaceOperands()
    {
        IReadOnlyList<Declaration> declared = Declaration.OperandsOf(_verb);
        if (_options.FirstOrDefault(option => option.IsRequired) is Declaration unnamed && !_values.ContainsKey(unnamed)
            && _operands.Count > declared.Count)
        {
            Take(unnamed);
        }
        foreach (Declaration operand in declared.Where(_ => _operands.Count > 0))
        {
            Take(operand);
        }
        if (_operands.FirstOrDefault() is string stray)
        {
            throw new UserErrorException($"jarn {Verb} has no use for '{stray}'{(declared.Count > 0 ? " after the other arguments" : "")}"
                + $": 'jarn {Verb} --help' lists what it takes");
        }

        void Take(Declaration taker)
        {
            int count = taker.IsList ? _operands.Count : 1;
            Add(taker, _operands[..count]);
            _operands.RemoveRange(0, count);
        }
    }

    private object Build()
    {
        object options = Activator.CreateInstance(_verb)!;
        foreach ((Declaration declared, IReadOnlyList<string> values) in _values)
        {
            declared.Set(options, Convert(declared, values));
        }
        if (_options.FirstOrDefault(option => option.IsRequired && !_values.ContainsKey(option)) is Declaration missing)
        {
            throw new UserErrorException($"jarn {Verb} needs {missing.Name} {missing.Word}: 'jarn {Verb} --help' has examples");
        }
        HashSet<string> typed = [.. _values.Keys.Select(declared => declared.LongName).OfType<string>()];
        if (options is DeviceOptions device)
        {
            device.Typed = typed;
        }
        // What a recipe heeds is known when its preset or its config.json is.
        if (options is not RecipeOptions)
        {
            Heeding.RequireByOptions(options, typed);
        }
        return options;
    }

    /// <summary>A value that is not empty and of the option's kind.</summary>
    private static string Value(Declaration option, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            string otherwise = option.IsRequired || option.LongName is null ? "" : ", or leave the option out";
            throw new UserErrorException($"{option.Name} is empty: give {Expected(option)}{otherwise}");
        }
        return CanBe(option.ValueType, text) ? option.IsWord ? text.ToLowerInvariant() : text
            : throw new UserErrorException($"{option.Name} is '{text}': give {Expected(option, isNumber: text.All(char.IsAsciiDigit))}");
    }

    private static bool CanBe(Type type, string text) =>
        type == typeof(int) ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        : type == typeof(ulong) ? ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        : type != typeof(double) || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string Expected(Declaration option, bool isNumber = false)
    {
        // Only what is 0 unless given can be 0.
        string least = option.Default is 0 or 0UL ? "0" : "1";
        return option.ValueType switch
        {
            Type type when type == typeof(int) => $"a whole number, at least {least}{(isNumber ? $" and at most {int.MaxValue}" : "")}",
            Type type when type == typeof(ulong) => $"a whole number, at least {least}{(isNumber ? $" and at most {ulong.MaxValue}" : "")}",
            Type type when type == typeof(double) => "a number",
            _ => option.IsPath ? "a path" : "a value",
        };
    }

    private static object Convert(Declaration declared, IReadOnlyList<string> values) =>
        declared.IsFlag ? true
        : declared.IsList ? values
        : declared.ValueType == typeof(string) ? values[0]
        : System.Convert.ChangeType(values[0], declared.ValueType, CultureInfo.InvariantCulture);
}
