using System.Reflection;
using CommandLine;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>
/// An option of a verb, or an operand (a value without an option's name): as the attributes of its property declare it, or the <see cref="Setting"/>
/// that it sets.
/// </summary>
public sealed class Declaration
{
    /// <summary>The words that stand for a value in help where it is a path.</summary>
    private static readonly string[] _paths = ["PATH", "DIR", "FILE", "IMAGE", "RUN"];

    private readonly PropertyInfo? _property;
    private readonly Setting? _setting;

    /// <param name="setting">The setting that the option gives a value.</param>
    /// <param name="heading">The heading under which help lists it.</param>
    /// <param name="conditions">When the option has an effect, in addition to the conditions of the setting's property.</param>
    public Declaration(Setting setting, string heading, IReadOnlyList<HeededByAttribute> conditions)
    {
        SettingAttribute declaration = setting.Declaration;
        _setting = setting;
        (Word, LongName, Heading, Help) = (declaration.Word, setting.Option, heading, WithLists(declaration.Help));
        // Sizes, choices and lists are read as words.
        bool isNumber = setting.ValueType == typeof(int) || (setting.ValueType == typeof(double) && !declaration.IsPixelSize);
        ValueType = isNumber ? setting.ValueType : typeof(string);
        Names = declaration.Alias is string alias ? [LongName, alias] : [LongName];
        Conditions = [.. setting.Property.GetCustomAttributes<HeededByAttribute>(), .. conditions];
    }

    private Declaration(PropertyInfo property)
    {
        BaseAttribute attribute = property.GetCustomAttribute<BaseAttribute>()!;
        _property = property;
        Word = attribute is ValueAttribute value ? value.MetaName : attribute.MetaValue;
        LongName = attribute is OptionAttribute option ? option.LongName : null;
        Index = (attribute as ValueAttribute)?.Index;
        ValueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Names = LongName is null ? [] : [LongName];
        (IsRequired, Default) = (attribute.Required, attribute.Default);
        Heading = OptionGroupAttribute.Of(property.DeclaringType!);
        Help = WithLists(attribute.HelpText);
        Conditions = [.. property.GetCustomAttributes<HeededByAttribute>()];
    }

    /// <summary>The placeholder for the value in help: DIR, N; empty for a flag.</summary>
    public string Word { get; }

    /// <summary>Without dashes; null for an operand.</summary>
    public string? LongName { get; }

    /// <summary>Every name that it answers to, without dashes, its own first; none for an operand.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The name in messages: --output, or DIR for an operand.</summary>
    public string Name => LongName is null ? Word : $"--{LongName}";

    /// <summary>Under which help lists it.</summary>
    public string Heading { get; }

    /// <summary>One or two sentences for help.</summary>
    public string Help { get; }

    /// <summary>Whether a verb can't do without it.</summary>
    public bool IsRequired { get; }

    /// <summary>Its value where it is left out; null where help has to say more than that.</summary>
    public object? Default { get; }

    /// <summary>The type of the value, without its null-ability.</summary>
    public Type ValueType { get; }

    public bool IsFlag => ValueType == typeof(bool);

    /// <summary>Whether several values may follow it.</summary>
    public bool IsList => ValueType == typeof(IEnumerable<string>);

    /// <summary>Whether its values are paths of files or folders.</summary>
    public bool IsPath => _paths.Contains(Word.TrimEnd('S', '.', '…'));

    /// <summary>Whether upper and lower case mean the same.</summary>
    public bool IsWord => !IsPath && Word != "TEXT" && (IsList || ValueType == typeof(string));

    /// <summary>When the option has an effect: if all of these hold.</summary>
    public IReadOnlyList<HeededByAttribute> Conditions { get; }

    /// <summary>The position of an operand; null for an option.</summary>
    private int? Index { get; }

    /// <summary>Its value among options.</summary>
    public object? Of(object options) =>
        _property is not null ? _property.GetValue(options) : ((ISettingOptions)options).Settings.GetValueOrDefault(LongName!);

    /// <summary>Sets the option's value.</summary>
    /// <param name="options">An object of options that declares this one.</param>
    /// <param name="value">A value of <see cref="ValueType"/>.</param>
    /// <exception cref="UserErrorException">A setting's value is unknown or out of range.</exception>
    public void Set(object options, object value)
    {
        if (_property is not null)
        {
            _property.SetValue(options, value);
        }
        else
        {
            ((ISettingOptions)options).Settings[LongName!] = _setting!.Parse(
                Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!);
        }
    }

    /// <summary>
    /// The options of a verb, its own before those of its base classes, and those that are settings behind those of the class that takes them.
    /// </summary>
    public static IReadOnlyList<Declaration> OptionsOf(Type verb)
    {
        ILookup<Type?, PropertyInfo> declared = Properties(verb).ToLookup(property => property.DeclaringType);
        return
        [
            .. Ancestry(verb).SelectMany(type => declared[type].Where(property => property.GetCustomAttribute<OptionAttribute>() is { Hidden: false })
                .Select(property => new Declaration(property))
                .Concat(type.GetCustomAttribute<SettingOptionsAttribute>(inherit: false)?.Declare(OptionGroupAttribute.Of(type)) ?? [])),
        ];
    }

    /// <summary>The operands of a verb, in their order.</summary>
    public static IReadOnlyList<Declaration> OperandsOf(Type verb) =>
    [
        .. Properties(verb).Where(property => property.IsDefined(typeof(ValueAttribute))).Select(property => new Declaration(property))
            .OrderBy(operand => operand.Index),
    ];

    /// <summary>The option whose name may be left out: the first that is required. Null where none is.</summary>
    public static Declaration? UnnamedOf(Type verb) => OptionsOf(verb).FirstOrDefault(option => option.IsRequired);

    private static IEnumerable<PropertyInfo> Properties(Type verb) =>
        verb.GetProperties().Where(property => property.IsDefined(typeof(BaseAttribute)));

    private static IEnumerable<Type> Ancestry(Type type)
    {
        for (Type? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            yield return ancestor;
        }
    }

    /// <summary>Lists that a program can add to are written when help is asked for.</summary>
    private static string WithLists(string help) => help
        .Replace("{methods}", Either(MethodDefinition.List.Names), StringComparison.Ordinal)
        .Replace("{networks}", Either(NetworkDefinition.List.Names), StringComparison.Ordinal)
        .Replace("{attacks}", Either([.. AttackDefinition.List.All.Select(attack => attack.Syntax)]), StringComparison.Ordinal)
        .Replace("{datasets}", Either([.. Datasets.All.Select(provider => provider.Name)]), StringComparison.Ordinal);

    private static string Either(IReadOnlyList<string> names) => $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";
}
