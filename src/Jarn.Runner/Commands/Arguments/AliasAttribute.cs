namespace Jarn.Runner.Commands;

/// <summary>Another name of an option: what other tools call it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AliasAttribute(string name) : Attribute
{
    public string Name => name;
}
