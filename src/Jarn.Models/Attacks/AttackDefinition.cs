using System.Text.RegularExpressions;

namespace Jarn.Models;

/// <summary>What an attack is made of.</summary>
/// <param name="Name">Matches <see cref="AttackDefinition.Form"/>.</param>
/// <param name="Threat">What it may do to an image.</param>
/// <param name="Channels">Of the images.</param>
/// <param name="Seed">Of its random starts.</param>
/// <param name="Restarts">The number of random starts, for an attack that has any.</param>
public sealed record AttackContext(Match Name, ThreatModel Threat, int Channels, ulong Seed, int Restarts);

/// <summary>A kind of attack. It declares itself once: <c>--attacks</c>, help, tables and files derive from it.</summary>
public sealed class AttackDefinition
{
    private readonly Regex _form = new("");

    /// <summary>How its names are written, as help shows it: pgd&lt;steps&gt;[-margin].</summary>
    public required string Syntax { get; init; }

    /// <summary>One line of help.</summary>
    public required string Summary { get; init; }

    /// <summary>A regular expression that matches its names and no others; its groups are for <see cref="Title"/> and <see cref="Make"/>.</summary>
    public required string Form { get => _form.ToString(); init => _form = new Regex($@"\A(?:{value})\z", RegexOptions.CultureInvariant); }

    /// <summary>As people write the name: PGD-20, margin loss.</summary>
    public required Func<Match, string> Title { get; init; }

    /// <summary>Makes the attack.</summary>
    public required Func<AttackContext, Attack> Make { get; init; }

    /// <summary>Those that a name can stand for.</summary>
    public static OpenList<AttackDefinition> List { get; } = new((one, other) => one.Syntax == other.Syntax, Fgsm.Definition, Pgd.Definition);

    /// <summary>The attack of a name.</summary>
    /// <param name="name">Such as fgsm or pgd20-margin.</param>
    /// <param name="threat">What the attack may do to an image.</param>
    /// <param name="channels">Of the images: it decides PGD's step size.</param>
    /// <param name="seed">Of its random starts.</param>
    /// <param name="restarts">The number of random starts, for an attack that has any.</param>
    /// <exception cref="FormatException">There is no such attack; the message is a sentence.</exception>
    public static Attack Named(string name, ThreatModel threat, int channels, ulong seed = 0, int restarts = 1) =>
        Find(name) is var (definition, match) ? definition.Make(new AttackContext(match, threat, channels, seed, restarts))
            : throw new FormatException($"there is no attack {name}: give {string.Join(", ", List.All)}");

    /// <summary>As people write a name; of one that is in no list, in capitals.</summary>
    public static string TitleOf(string name) => Find(name) is var (definition, match) ? definition.Title(match)
        : name == AttackFigures.Clean ? "Clean" : name.ToUpperInvariant();

    /// <inheritdoc cref="Syntax"/>
    public override string ToString() => Syntax;

    private static (AttackDefinition Definition, Match Match)? Find(string name) => List.All
        .Select(definition => (Definition: definition, Match: definition._form.Match(name)))
        .Where(found => found.Match.Success).Select(found => ((AttackDefinition, Match)?)found).FirstOrDefault();
}
