using System.Reflection;
using CommandLine;

namespace Jarn.Runner.Commands;

/// <summary>An option of a verb, or an operand (a value without an option's name), as the attributes of its property declare it.</summary>
public sealed class Declaration
{
    /// <summary>The words that stand for a value in help where it is a path.</summary>
    private static readonly string[] _paths = ["PATH", "DIR", "FILE", "IMAGE", "RUN"];

    private Declaration(PropertyInfo property)
    {
        Property = property;
        Attribute = property.GetCustomAttribute<BaseAttribute>()!;
        Word = Attribute is ValueAttribute value ? value.MetaName : Attribute.MetaValue;
        LongName = Attribute is OptionAttribute option ? option.LongName : null;
        ValueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Names = LongName is null ? [] : [LongName, .. property.GetCustomAttributes<AliasAttribute>().Select(alias => alias.Name)];
    }

    public PropertyInfo Property { get; }

    public BaseAttribute Attribute { get; }

    /// <summary>What stands for its value in help: DIR, N; empty for a flag.</summary>
    public string Word { get; }

    /// <summary>Without dashes; null for an operand.</summary>
    public string? LongName { get; }

    /// <summary>Every name that it answers to, without dashes, its own first; none for an operand.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>As messages call it: --output, or DIR for an operand.</summary>
    public string Name => LongName is null ? Word : $"--{LongName}";

    /// <summary>Of its value; of null-able ones, the type below.</summary>
    public Type ValueType { get; }

    public bool IsFlag => ValueType == typeof(bool);

    /// <summary>Whether several values may follow it.</summary>
    public bool IsList => ValueType == typeof(IEnumerable<string>);

    /// <summary>Whether its values are paths of files or folders.</summary>
    public bool IsPath => _paths.Contains(Word.TrimEnd('S', '.', '…'));

    /// <summary>Whether upper and lower case mean the same.</summary>
    public bool IsWord => !IsPath && Word != "TEXT" && (IsList || ValueType == typeof(string));

    /// <summary>Where it counts: where all of them hold.</summary>
    public IEnumerable<HeededByAttribute> Conditions =>
        Property.GetCustomAttributes<HeededByAttribute>().Concat(Property.GetCustomAttribute<SetsAttribute>()?.Conditions ?? []);

    /// <summary>The options of a verb, its own before those of its base classes.</summary>
    public static IReadOnlyList<Declaration> OptionsOf(Type verb) =>
        [.. Of(verb).Where(declared => declared.Attribute is OptionAttribute { Hidden: false })];

    /// <summary>The operands of a verb, in their order.</summary>
    public static IReadOnlyList<Declaration> OperandsOf(Type verb) =>
        [.. Of(verb).Where(declared => declared.Attribute is ValueAttribute).OrderBy(declared => ((ValueAttribute)declared.Attribute).Index)];

    /// <summary>The option whose name may be left out: the first that is required. Null where none is.</summary>
    public static Declaration? UnnamedOf(Type verb) => OptionsOf(verb).FirstOrDefault(option => option.Attribute.Required);

    private static IEnumerable<Declaration> Of(Type verb) =>
        verb.GetProperties().Where(property => property.IsDefined(typeof(BaseAttribute))).Select(property => new Declaration(property));
}
