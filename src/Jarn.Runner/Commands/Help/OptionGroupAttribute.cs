using System.Reflection;

namespace Jarn.Runner.Commands;

/// <summary>Under which heading help lists the options that a class declares; without one they stand under their verb's own.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OptionGroupAttribute(string heading) : Attribute
{
    /// <summary>The group of a verb's own options.</summary>
    public const string Own = "Options";

    public string Heading => heading;

    /// <summary>Under which a class's options stand.</summary>
    public static string Of(Type options) => options.GetCustomAttribute<OptionGroupAttribute>(inherit: false)?.Heading ?? Own;
}
