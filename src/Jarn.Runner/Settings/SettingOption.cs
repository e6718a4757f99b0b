using System.Globalization;
using Jarn.Models;

namespace Jarn.Runner.Settings;

/// <summary>Settings as options: read from text, and held against their limits, whether an option, a preset or a config.json gave them.</summary>
public static class SettingOption
{
    /// <summary>The option with its dashes: --learning-rate.</summary>
    public static string Name(this Setting setting) => $"--{setting.Option}";

    /// <summary>A value as typed.</summary>
    /// <exception cref="UserErrorException">The value is unknown or out of range.</exception>
    public static object Parse(this Setting setting, string text)
    {
        string name = setting.Name();
        SettingAttribute declaration = setting.Declaration;
        Type type = setting.ValueType;
        object value = type == typeof(int) ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : type == typeof(double) && declaration.IsPixelSize ? OptionValue.Epsilon(name, text)
            : type == typeof(double) ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
            : type == typeof(bool) ? OptionValue.Choice(name, text, declaration.Words![0], declaration.Words[1])
            : type.IsEnum ? OptionValue.OneOf(name, text, Choices(setting))
            : type == typeof(IReadOnlyList<int>) ? OptionValue.Widths(name, text)
            : type == typeof(IReadOnlyList<double>) ? OptionValue.Shares(name, text)
            : text.Split(',').Distinct().ToArray();
        setting.Require(value);
        return value;
    }

    /// <summary>Holds every setting of a record against its limits.</summary>
    /// <exception cref="UserErrorException">A value is out of range; the sentence names it as the option that gives it.</exception>
    public static T Checked<T>(this T settings) where T : SettingsRecord
    {
        foreach (Setting setting in Setting.Of(settings.GetType()))
        {
            if (setting.Property.GetValue(settings) is object value)
            {
                setting.Require(value);
            }
        }
        return settings;
    }

    private static void Require(this Setting setting, object value)
    {
        (string name, SettingAttribute declaration) = (setting.Name(), setting.Declaration);
        switch (value)
        {
            case int number when double.IsInfinity(declaration.Maximum):
                OptionValue.AtLeastOne(name, number);
                break;
            case int number:
                OptionValue.Within(name, number, (int)declaration.Minimum, (int)declaration.Maximum);
                break;
            case double number:
                OptionValue.Within(name, number, declaration.Minimum, declaration.Maximum);
                break;
            case Enum choice when !Enum.IsDefined(choice.GetType(), choice):
                throw new UserErrorException($"{name} is {choice}: there is no such choice");
            case IReadOnlyList<int> numbers:
                OptionValue.AtLeastOne(name, numbers.DefaultIfEmpty(0).Min());
                break;
            case IReadOnlyList<double> shares:
                OptionValue.RisingShares(name, shares);
                break;
        }
        if (Rule(setting) is ISettingRule rule && !rule.Allows(value))
        {
            string text = value is Enum choice ? OptionValue.Word(choice) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
            throw new UserErrorException($"{name} is {text}: give {rule.Expected}");
        }
    }

    private static Enum[] Choices(Setting setting) =>
        [.. Enum.GetValues(setting.ValueType).Cast<Enum>().Where(value => Rule(setting)?.Allows(value) != false)];

    private static ISettingRule? Rule(Setting setting) =>
        setting.Declaration.Rule is Type rule ? (ISettingRule)Activator.CreateInstance(rule, nonPublic: true)! : null;
}
