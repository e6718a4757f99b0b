using System.Globalization;
using System.Text.RegularExpressions;
using Jarn.Models;

namespace Jarn.Runner.Evaluation;

/// <summary>Attacks by the names that <c>--attacks</c> takes.</summary>
public static partial class AttackCatalogue
{
    /// <param name="name">fgsm, or pgd and a number of steps; with -margin behind it the loss is the margin's.</param>
    /// <param name="epsilon">In units of the pixel range [0, 1].</param>
    /// <param name="channels">Of the images: it decides PGD's step size.</param>
    /// <exception cref="UserErrorException">There is no such attack.</exception>
    public static Attack Named(string name, double epsilon, int channels)
    {
        Match match = Form().Match(name);
        if (!match.Success)
        {
            throw new UserErrorException(
                $"there is no attack {name}: give fgsm, or pgd and its number of steps as in pgd20, either with -margin behind it for the loss that does not saturate");
        }
        AttackLoss loss = match.Groups["margin"].Success ? AttackLoss.Margin : AttackLoss.CrossEntropy;
        return int.TryParse(match.Groups["steps"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int steps)
            ? new Pgd(epsilon, AttackStep.For(channels, epsilon, steps), steps, loss) : new Fgsm(epsilon, loss);
    }

    /// <summary>Reads names as <c>--attacks</c> takes them: fgsm,pgd20.</summary>
    /// <exception cref="UserErrorException">There is no attack of such a name.</exception>
    public static IReadOnlyList<string> Names(string text) => [.. text.Split(',').Distinct().Select(name => Named(name, epsilon: 1, channels: 1).Name)];

    [GeneratedRegex(@"\A(?:fgsm|pgd(?<steps>[1-9][0-9]{0,5}))(?<margin>-margin)?\z")]
    private static partial Regex Form();
}
