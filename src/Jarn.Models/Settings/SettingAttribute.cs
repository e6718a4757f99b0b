namespace Jarn.Models;

/// <summary>
/// Declares a setting of a <see cref="SettingsRecord"/>, once: its option on the command line, its limits and its help derive from this. A property
/// of an interface may bear it for all records that have the property.
/// </summary>
/// <param name="option">The option's name, without dashes: learning-rate.</param>
/// <param name="word">The placeholder for the value in help: RATE.</param>
/// <param name="help">One or two sentences for help.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string option, string word, string help) : Attribute
{
    /// <summary>The option's name, without dashes.</summary>
    public string Option => option;

    /// <summary>The placeholder for the value in help.</summary>
    public string Word => word;

    /// <summary>One or two sentences for help.</summary>
    public string Help => help;

    /// <summary>Another name of the option: what other tools call it.</summary>
    public string? Alias { get; init; }

    /// <summary>The least value, or <see cref="double.Epsilon"/> for what must be above 0; of a list, that of each number in it.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>The largest value that is accepted.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>Whether it is a size in units of the pixel range, which people write as 0.3 or 8/255.</summary>
    public bool IsPixelSize { get; init; }

    /// <summary>Whether it weighs what a method adds to the cross-entropy: too large a weight can make the loss NaN.</summary>
    public bool IsPenaltyWeight { get; init; }

    /// <summary>The words for true and for false, for a setting that is a truth value.</summary>
    public string[]? Words { get; init; }

    /// <summary>A <see cref="ISettingRule"/> beyond the limits.</summary>
    public Type? Rule { get; init; }
}

/// <summary>Restricts the values of a setting where limits do not suffice.</summary>
public interface ISettingRule
{
    /// <summary>The permitted values, to complete a message's "give".</summary>
    string Expected { get; }

    /// <summary>Whether a setting can have the value.</summary>
    bool Allows(object value);
}
