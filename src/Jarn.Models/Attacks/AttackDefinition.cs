using System.Text.RegularExpressions;

namespace Jarn.Models;

/// <summary>What an attack is created with.</summary>
/// <param name="Name">The match of <see cref="AttackDefinition.Form"/> with the attack's name.</param>
/// <param name="Threat">How far the attack may change an image.</param>
/// <param name="Channels">The number of colour channels of an image.</param>
/// <param name="Seed">The seed of the random starts.</param>
/// <param name="Restarts">The number of random starts, for an attack that has any.</param>
public sealed record AttackContext(Match Name, ThreatModel Threat, int Channels, ulong Seed, int Restarts);

/// <summary>A kind of attack. It declares itself once: <c>--attacks</c>, help, tables and files derive from it.</summary>
public sealed class AttackDefinition
{
    private readonly Regex _form = new("");

    /// <summary>How its names are written in help: pgd&lt;steps&gt;[-margin].</summary>
    public required string Syntax { get; init; }

    /// <summary>One line of help.</summary>
    public required string Summary { get; init; }

    /// <summary>A regular expression that matches its names and no others; its groups are for <see cref="Title"/> and <see cref="Make"/>.</summary>
    public required string Form { get => _form.ToString(); init => _form = new Regex($@"\A(?:{value})\z", RegexOptions.CultureInvariant); }

    /// <summary>Writes the name for people: PGD-20, margin loss.</summary>
    public required Func<Match, string> Title { get; init; }

    /// <summary>Creates the attack.</summary>
    public required Func<AttackContext, Attack> Make { get; init; }

    /// <summary>The attacks that can be chosen by name.</summary>
    public static OpenList<AttackDefinition> List { get; } = new((one, other) => one.Syntax == other.Syntax, Fgsm.Definition, Pgd.Definition);

    /// <summary>Creates the attack with this name.</summary>
    /// <param name="name">A name such as fgsm or pgd20-margin.</param>
    /// <param name="threat">How far the attack may change an image.</param>
    /// <param name="channels">The number of colour channels of an image, which determines PGD's step size.</param>
    /// <param name="seed">The seed of the random starts.</param>
    /// <param name="restarts">The number of random starts, for an attack that has any.</param>
    /// <exception cref="FormatException">There is no such attack; the message is a sentence.</exception>
    public static Attack Named(string name, ThreatModel threat, int channels, ulong seed = 0, int restarts = 1) =>
        Find(name) is var (definition, match) ? definition.Make(new AttackContext(match, threat, channels, seed, restarts))
            : throw new FormatException($"there is no attack {name}: give {string.Join(", ", List.All)}");

    /// <summary>The name as people write it; in capitals if it is not in the list.</summary>
    public static string TitleOf(string name) => Find(name) is var (definition, match) ? definition.Title(match)
        : name == AttackFigures.Clean ? "Clean" : name.ToUpperInvariant();

    /// <inheritdoc cref="Syntax"/>
    public override string ToString() => Syntax;

    private static (AttackDefinition Definition, Match Match)? Find(string name) => List.All
        .Select(definition => (Definition: definition, Match: definition._form.Match(name)))
        .Where(found => found.Match.Success).Select(found => ((AttackDefinition, Match)?)found).FirstOrDefault();
}
