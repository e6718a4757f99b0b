namespace Jarn.Runner.Commands;

/// <summary>Under which heading help lists the options that a class declares; without one they stand under their verb's own.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OptionGroupAttribute(string heading) : Attribute
{
    public string Heading => heading;
}
