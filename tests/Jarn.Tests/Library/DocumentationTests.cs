using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Library;

/// <summary>
/// What a library offers is documented where it is declared. An override and an implementation say what their declaration says, and editors
/// show that without being told to; of a record, its parameters are documented.
/// </summary>
public sealed partial class DocumentationTests
{
    private static IEnumerable<Assembly> Libraries => [typeof(IDevice).Assembly, typeof(Tape).Assembly, typeof(Network).Assembly];

    [TestCaseSource(nameof(Libraries))]
    public void Every_public_member_is_documented(Assembly library)
    {
        XDocument xml = XDocument.Load(Path.ChangeExtension(library.Location, ".xml"));
        Dictionary<string, XElement> documented = xml.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
        HashSet<string> names = [.. documented.Keys.Select(key => WithoutArity(key[2..].Split('(')[0]))];
        string[] undocumented =
        [
            .. library.GetExportedTypes()
                .SelectMany(type => Undocumented(type, documented.GetValueOrDefault($"T:{type.FullName!.Replace('+', '.')}"), names))
                .Order(StringComparer.Ordinal),
        ];
        Assert.That(undocumented, Is.Empty, $"{undocumented.Length} members:\n{string.Join('\n', undocumented)}");
    }

    /// <param name="type">What is looked at.</param>
    /// <param name="own">What is written of the type itself.</param>
    /// <param name="names">Of all that is documented. Overloads are one: it is enough that one is.</param>
    private static IEnumerable<string> Undocumented(Type type, XElement? own, HashSet<string> names)
    {
        string name = WithoutArity(type.FullName!.Replace('+', '.'));
        if (own is null)
        {
            yield return name;
        }
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            yield break;
        }
        HashSet<string> positions = type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is null ? []
            : [.. type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name!)];
        foreach (MemberInfo member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            if (IsDeclaredHere(member, type) && !positions.Contains(member.Name) && !names.Contains($"{name}.{member.Name}"))
            {
                yield return $"{name}.{member.Name}";
            }
        }
        // A record whose summary says it all says nothing of its parameters; one that begins to does so of each.
        string[] explained = [.. (own?.Elements("param") ?? []).Select(parameter => parameter.Attribute("name")!.Value)];
        foreach (string position in positions.Where(position => explained.Length > 0 && type.GetProperty(position) is not null).Except(explained))
        {
            yield return $"{name}.{position}";
        }
    }

    private static bool IsDeclaredHere(MemberInfo member, Type type) => member switch
    {
        MethodInfo method => !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && method.GetBaseDefinition() == method
            && !Implements(method, type),
        PropertyInfo property => property.GetMethod is { } getter && getter.GetBaseDefinition() == getter && !Implements(getter, type),
        FieldInfo field => !field.IsSpecialName,
        _ => false,
    };

    private static bool Implements(MethodInfo method, Type type) =>
        !type.IsInterface && type.GetInterfaces()
            .Any(contract => type.GetInterfaceMap(contract).TargetMethods.Any(target => target == method || IsBridge(target, method)));

    /// <summary>An explicit implementation that the compiler makes where a parameter is passed by <c>in</c>.</summary>
    private static bool IsBridge(MethodInfo target, MethodInfo method) => target.Name.EndsWith($".{method.Name}", StringComparison.Ordinal);

    private static string WithoutArity(string name) => Arity().Replace(name, "");

    [GeneratedRegex(@"`+\d+")]
    private static partial Regex Arity();
}
