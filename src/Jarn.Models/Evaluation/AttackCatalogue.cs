using System.Globalization;
using System.Text.RegularExpressions;

namespace Jarn.Models;

/// <summary>Attacks by their names.</summary>
public static partial class AttackCatalogue
{
    /// <summary>Makes an attack of the parts of its name, for images of so many channels.</summary>
    private delegate Attack Maker(Match name, ThreatModel threat, int channels, ulong seed, int restarts);

    private static readonly (Regex Form, Maker Make)[] _attacks =
    [
        (FgsmForm(), (name, threat, _, _, _) => new Fgsm(threat, Loss(name))),
        (PgdForm(), (name, threat, channels, seed, restarts) =>
        {
            int steps = int.Parse(name.Groups["steps"].ValueSpan, CultureInfo.InvariantCulture);
            return new Pgd(threat, AttackStep.For(channels, threat.Epsilon, steps), steps, Loss(name), seed, restarts);
        }),
    ];

    /// <summary>The attack of a name.</summary>
    /// <param name="name">fgsm, or pgd and a number of steps; with -margin behind it the loss is the margin's.</param>
    /// <param name="threat">What the attack may do to an image.</param>
    /// <param name="channels">Of the images: it decides PGD's step size.</param>
    /// <param name="seed">Of its random starts.</param>
    /// <param name="restarts">How many of them there are, for an attack that has any.</param>
    /// <exception cref="FormatException">There is no such attack; the message is a sentence.</exception>
    public static Attack Named(string name, ThreatModel threat, int channels, ulong seed = 0, int restarts = 1)
    {
        foreach ((Regex form, Maker make) in _attacks)
        {
            if (form.Match(name) is { Success: true } parts)
            {
                return make(parts, threat, channels, seed, restarts);
            }
        }
        throw new FormatException(
            $"there is no attack {name}: give fgsm, or pgd and its number of steps as in pgd20, "
            + "either with -margin behind it for the loss that does not saturate");
    }

    /// <summary>As people write a name: PGD-20, margin loss.</summary>
    public static string Title(string name) =>
        Steps().Replace(name.ToUpperInvariant(), "PGD-$1")
            .Replace("-MARGIN", ", margin loss", StringComparison.Ordinal).Replace("CLEAN", "Clean", StringComparison.Ordinal);

    private static AttackLoss Loss(Match name) => name.Groups["margin"].Success ? AttackLoss.Margin : AttackLoss.CrossEntropy;

    [GeneratedRegex(@"\Afgsm(?<margin>-margin)?\z")]
    private static partial Regex FgsmForm();

    [GeneratedRegex(@"\Apgd(?<steps>[1-9][0-9]{0,5})(?<margin>-margin)?\z")]
    private static partial Regex PgdForm();

    [GeneratedRegex("PGD([0-9]+)")]
    private static partial Regex Steps();
}
