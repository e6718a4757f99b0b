using System.Globalization;
using System.Text.RegularExpressions;
using Jarn.Models;

namespace Jarn.Runner.Evaluation;

/// <summary>Attacks by the names that <c>--attacks</c> takes.</summary>
public static partial class AttackCatalogue
{
    /// <param name="name">fgsm, or pgd and a number of steps; with -margin behind it the loss is the margin's.</param>
    /// <param name="threat">What the attack may do to an image.</param>
    /// <param name="channels">Of the images: it decides PGD's step size.</param>
    /// <param name="seed">Of its random starts.</param>
    /// <param name="restarts">How many of them there are, for an attack that has any.</param>
    /// <exception cref="UserErrorException">There is no such attack.</exception>
    public static Attack Named(string name, ThreatModel threat, int channels, ulong seed = 0, int restarts = 1)
    {
        Match match = Form().Match(name);
        if (!match.Success)
        {
            throw new UserErrorException(
                $"there is no attack {name}: give fgsm, or pgd and its number of steps as in pgd20, either with -margin behind it for the loss that does not saturate");
        }
        AttackLoss loss = match.Groups["margin"].Success ? AttackLoss.Margin : AttackLoss.CrossEntropy;
        return int.TryParse(match.Groups["steps"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int steps)
            ? new Pgd(threat, AttackStep.For(channels, threat.Epsilon, steps), steps, loss, seed, restarts) : new Fgsm(threat, loss);
    }

    /// <summary>Reads names as <c>--attacks</c> takes them: fgsm,pgd20.</summary>
    /// <exception cref="UserErrorException">There is no attack of such a name.</exception>
    public static IReadOnlyList<string> Names(string text) => [.. text.Split(',').Distinct().Select(name => Named(name, ThreatModel.LInf(1), channels: 1).Name)];

    [GeneratedRegex(@"\A(?:fgsm|pgd(?<steps>[1-9][0-9]{0,5}))(?<margin>-margin)?\z")]
    private static partial Regex Form();
}
