namespace Jarn.Runner.Settings;

/// <summary>
/// An option counts only where another setting has one of some values. Help says so, and an option that was typed where it would be ignored is
/// refused. With several of these attributes, each must hold.
/// </summary>
/// <param name="setting">An option without its dashes, an operand's name such as ACTION, or another thing that the command knows: network.</param>
/// <param name="values">The values with which the option has an effect.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class HeededByAttribute(string setting, params string[] values) : Attribute
{
    public string Setting => setting;

    public IReadOnlyList<string> Values => values;
}
