using System.Globalization;
using System.Text.Json;

namespace Jarn.Runner.Settings;

/// <summary>Reads the values of options, or says in one sentence what would do instead.</summary>
public static class OptionValue
{
    /// <summary>Reads 0.3 or 8/255, a size in units of the pixel range [0, 1].</summary>
    /// <exception cref="UserErrorException">The value is neither, or is not above 0 and up to 1.</exception>
    public static double Epsilon(string option, string text)
    {
        string[] parts = text.Split('/');
        double value = parts.Length switch
        {
            1 when Number(parts[0]) is double number => number,
            2 when Number(parts[0]) is double numerator && Number(parts[1]) is double denominator => numerator / denominator,
            _ => double.NaN,
        };
        return value is > 0 and <= 1 ? value
            : throw new UserErrorException(
                $"{option} is {text}: give a number above 0 and at most 1, such as 0.3 or 8/255 (pixels range from 0 to 1)");
    }

    /// <summary>Reads shares of a whole: none, 0.5 or 0.5,0.75.</summary>
    /// <exception cref="UserErrorException">A share is not a number from 0 to 1, or is less than the one before.</exception>
    public static IReadOnlyList<double> Shares(string option, string text)
    {
        double[] shares = text == "none" ? [] : [.. text.Split(',').Select(part => Number(part) ?? double.NaN)];
        return RisingShares(option, shares, text);
    }

    /// <param name="text">The option's text; null if the shares were not given as text.</param>
    /// <exception cref="UserErrorException">A share is not a number from 0 to 1, or is less than the one before.</exception>
    public static IReadOnlyList<double> RisingShares(string option, IReadOnlyList<double> shares, string? text = null) =>
        shares.All(share => share is >= 0 and <= 1) && shares.SequenceEqual(shares.Order()) ? shares
            : throw new UserErrorException(string.Create(CultureInfo.InvariantCulture,
                $"{option} is {text ?? string.Join(',', shares)}: give increasing fractions from 0 to 1, such as 0.5,0.75, or none"));

    /// <summary>Reads whole numbers: 64,128.</summary>
    /// <exception cref="UserErrorException">A width is not a whole number of at least 1.</exception>
    public static IReadOnlyList<int> Widths(string option, string text)
    {
        int[] widths =
        [
            .. text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int width) ? width : 0),
        ];
        return widths.All(width => width >= 1) ? widths
            : throw new UserErrorException($"{option} is {text}: give whole numbers, at least 1, such as 64,128");
    }

    public static int AtLeastOne(string option, int value) => value >= 1 ? value
        : throw new UserErrorException($"{option} is {value}: give a whole number, at least 1");

    public static int Within(string option, int value, int low, int high) => value >= low && value <= high ? value
        : throw new UserErrorException($"{option} is {value}: give a number from {low} to {high}");

    /// <param name="low"><see cref="double.Epsilon"/> for what must be above 0.</param>
    public static double Within(string option, double value, double low, double high) => value >= low && value <= high ? value
        : throw new UserErrorException(string.Create(CultureInfo.InvariantCulture,
            $"{option} is {value}: give a number {(low == double.Epsilon ? "above 0 and up to" : $"from {low} to")} {high}"));

    /// <summary>An enum's value that has a name.</summary>
    public static TEnum Defined<TEnum>(string option, TEnum value) where TEnum : struct, Enum => Enum.IsDefined(value) ? value
        : throw new UserErrorException($"{option} is {value}: there is no such choice");

    /// <summary>Whether a value is the first or the second of two words.</summary>
    public static bool Choice(string option, string text, string yes, string no) => text.Equals(yes, StringComparison.OrdinalIgnoreCase)
        || (text.Equals(no, StringComparison.OrdinalIgnoreCase) ? false
            : throw new UserErrorException($"{option} is {text}: give {yes} or {no}{Suggestion.Question(text, [yes, no])}"));

    /// <summary>Checks the path of a file to write: it must not exist, its folder must, and its extension must be one of those given.</summary>
    /// <param name="option">The option that gives the path.</param>
    /// <param name="path">The path as typed.</param>
    /// <param name="extensions">The extensions that are allowed, with the dot; none for any.</param>
    /// <exception cref="UserErrorException">The path can't be written to. It is checked before the work, not after it.</exception>
    public static string NewFile(string option, string path, params IReadOnlyList<string> extensions)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (extensions.Count > 0 && !extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new UserErrorException($"{option} is {path}: give a file name that ends in {string.Join(" or ", extensions)}");
        }
        if (Path.Exists(path))
        {
            throw new UserErrorException($"{option} {path} exists already: give another name, or remove it first");
        }
        return Directory.Exists(folder) ? path
            : throw new UserErrorException($"{option} is {path}, and there is no folder {folder}: create it first, or give another name");
    }

    /// <summary>The value of an enum with this kebab-case name, among those given.</summary>
    public static Enum OneOf(string option, string text, IReadOnlyList<Enum> among) =>
        among.FirstOrDefault(value => Word(value) == text.ToLowerInvariant()) ?? throw NoneOf(option, text, [.. among.Select(Word)]);

    /// <summary>An enum's value by its kebab-case name.</summary>
    public static TEnum Named<TEnum>(string option, string text, params string[] others) where TEnum : struct, Enum
    {
        Dictionary<string, TEnum> names = Enum.GetValues<TEnum>().ToDictionary(value => Word(value));
        return names.TryGetValue(text.ToLowerInvariant(), out TEnum named) ? named : throw NoneOf(option, text, [.. others, .. names.Keys]);
    }

    /// <summary>The error that a value is none of some words, with a suggestion.</summary>
    public static UserErrorException NoneOf(string option, string text, IReadOnlyList<string> words) =>
        new($"{option} is {text}: give {string.Join(", ", words)}{Suggestion.Question(text, words)}");

    /// <summary>An enum's value as the command line has it.</summary>
    public static string Word(Enum value) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()).Replace("open-cl", "opencl", StringComparison.Ordinal);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
            ? number
            : null;
}
