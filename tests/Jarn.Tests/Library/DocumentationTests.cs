using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner;

namespace Jarn.Tests.Library;

/// <summary>
/// What a library offers is documented where it is declared: its types, and its methods with parameters. What the name of a property, a field or a
/// parameter says already needs no sentence, and there is none that only repeats a name. An override and an implementation say what their
/// declaration says.
/// </summary>
public sealed partial class DocumentationTests
{
    /// <summary>Words that say nothing by themselves.</summary>
    private static readonly HashSet<string> Empty =
    [
        "a", "an", "and", "as", "from", "how", "in", "is", "it", "its", "likewise", "none", "of", "same", "the", "this", "to", "too", "what", "which",
    ];

    private static IEnumerable<Assembly> Libraries => [typeof(IDevice).Assembly, typeof(Tape).Assembly, typeof(Network).Assembly];

    private static IEnumerable<Assembly> Documented => [.. Libraries, typeof(UserErrorException).Assembly];

    [TestCaseSource(nameof(Libraries))]
    public void Types_and_methods_are_documented(Assembly library)
    {
        HashSet<string> names = [.. Members(library).Select(member => WithoutArity(member.Attribute("name")!.Value[2..].Split('(')[0]))];
        string[] undocumented = [.. library.GetExportedTypes().SelectMany(type => Undocumented(type, names)).Order(StringComparer.Ordinal)];
        Assert.That(undocumented, Is.Empty, $"{undocumented.Length} members:\n{string.Join('\n', undocumented)}");
    }

    [TestCaseSource(nameof(Documented))]
    public void No_documentation_only_repeats_a_name(Assembly assembly)
    {
        string[] repetitions = [.. Members(assembly).SelectMany(member => member.Elements().Where(element => RepeatsName(member, element))
            .Select(element => $"{member.Attribute("name")!.Value}: {element}"))];
        Assert.That(repetitions, Is.Empty, string.Join('\n', repetitions));
    }

    [TestCase("P:Shape.Rank", "<summary>The rank.</summary>", true)]
    [TestCase("P:Shape.Rank", "<summary>Of the shape.</summary>", true)]
    [TestCase("P:Shape.Rank", "<summary>The number of dimensions.</summary>", false)]
    [TestCase("P:Winograd.Taps", "<summary>r</summary>", false)]
    [TestCase("P:Winograd.Taps", "<summary><see cref=\"T:Winograd\"/></summary>", false)]
    [TestCase("M:Shape.Of(System.Int32)", "<param name=\"firstExtent\">The first extent.</param>", true)]
    [TestCase("M:Shape.Of(System.Int32)", "<param name=\"second\">The same.</param>", true)]
    [TestCase("M:Shape.Of(System.Int32)", "<param name=\"extent\">The extent; null for 1.</param>", false)]
    [TestCase("F:Saved.None", "<summary>None.</summary>", true)]
    public void A_repetition_is_found(string name, string documentation, bool repeats) =>
        Assert.That(RepeatsName(new XElement("member", new XAttribute("name", name)), XElement.Parse(documentation)), Is.EqualTo(repeats));

    private static IEnumerable<XElement> Members(Assembly assembly) =>
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member");

    /// <summary>Whether no word of the element is new to who has read the name of the parameter, or of the member and its type.</summary>
    private static bool RepeatsName(XElement member, XElement element)
    {
        if (element.Name.LocalName is "inheritdoc" or "exception" || element.Elements().Any())
        {
            return false;
        }
        string[] path = member.Attribute("name")!.Value[2..].Split('(')[0].Split('.');
        string name = element.Attribute("name")?.Value ?? string.Concat(path.TakeLast(2));
        IEnumerable<string> known = Word().Matches(name).Select(word => word.Value.ToLowerInvariant());
        return !Punctuated().Matches(element.Value.ToLowerInvariant()).Select(word => word.Value).Except(Empty).Except(known).Any();
    }

    /// <param name="names">The names of all that is documented. It is enough that one of several overloads is.</param>
    private static IEnumerable<string> Undocumented(Type type, HashSet<string> names)
    {
        string name = WithoutArity(type.FullName!.Replace('+', '.'));
        if (!names.Contains(name))
        {
            yield return name;
        }
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            yield break;
        }
        foreach (MethodInfo method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            if (method.GetParameters().Length > 0 && IsDeclaredHere(method, type) && !names.Contains($"{name}.{method.Name}"))
            {
                yield return $"{name}.{method.Name}";
            }
        }
    }

    private static bool IsDeclaredHere(MethodInfo method, Type type) => !method.IsSpecialName
        && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && method.GetBaseDefinition() == method && !Implements(method, type);

    private static bool Implements(MethodInfo method, Type type) =>
        !type.IsInterface
        && type.GetInterfaces().SelectMany(contract => type.GetInterfaceMap(contract).TargetMethods)
            .Any(target => target == method || IsBridge(target, method));

    /// <summary>An explicit implementation that the compiler makes where a parameter is passed by <c>in</c>.</summary>
    private static bool IsBridge(MethodInfo target, MethodInfo method) => target.Name.EndsWith($".{method.Name}", StringComparison.Ordinal);

    private static string WithoutArity(string name) => Arity().Replace(name, "");

    [GeneratedRegex(@"`+\d+")]
    private static partial Regex Arity();

    /// <summary>The words of a name in camel case.</summary>
    [GeneratedRegex(@"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")]
    private static partial Regex Word();

    /// <summary>Words and symbols between spaces, without the punctuation around them.</summary>
    [GeneratedRegex(@"[^\s.,;:()]+")]
    private static partial Regex Punctuated();
}
