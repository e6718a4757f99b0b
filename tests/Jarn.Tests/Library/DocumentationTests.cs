using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Library;

/// <summary>
/// What a library offers is documented where it is declared. An override and an implementation say what their declaration says, and editors
/// show that without being told to; of a record, its parameters are documented.
/// </summary>
public sealed class DocumentationTests
{
    private static IEnumerable<Assembly> Libraries => [typeof(IDevice).Assembly, typeof(Tape).Assembly, typeof(Network).Assembly];

    [TestCaseSource(nameof(Libraries))]
    public void Every_public_member_is_documented(Assembly library)
    {
        XDocument xml = XDocument.Load(Path.ChangeExtension(library.Location, ".xml"));
        Dictionary<string, XElement> documented = xml.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
        string[] undocumented = [.. library.GetExportedTypes().SelectMany(type => Undocumented(type, documented)).Order(StringComparer.Ordinal)];
        Assert.That(undocumented, Is.Empty, $"{undocumented.Length} members:\n{string.Join('\n', undocumented)}");
    }

    private static IEnumerable<string> Undocumented(Type type, Dictionary<string, XElement> documented)
    {
        string name = type.FullName!.Replace('+', '.');
        if (!documented.TryGetValue($"T:{name}", out XElement? own))
        {
            yield return name;
        }
        bool isRecord = type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null;
        HashSet<string> parameters = isRecord && own is not null ? [.. own.Elements("param").Select(parameter => parameter.Attribute("name")!.Value)] : [];
        HashSet<string> positions = isRecord ? [.. type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name!)] : [];
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            yield break;
        }
        foreach (MemberInfo member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            if (IsDeclaredHere(member, type) && !positions.Contains(member.Name) && !documented.Keys.Any(key => Names(key, name, member)))
            {
                yield return $"{name}.{member.Name}";
            }
        }
        foreach (string position in positions.Where(position => type.GetProperty(position) is not null && own is not null && parameters.Count > 0 && !parameters.Contains(position)))
        {
            yield return $"{name}.{position}";
        }
    }

    /// <summary>Overloads are one to this test: one documented is enough.</summary>
    private static bool Names(string key, string type, MemberInfo member) =>
        key[2..].Split('(', '`')[0] == $"{type.Split('`')[0]}.{member.Name}" || (type.Contains('`') && key[2..].StartsWith($"{type}.{member.Name}", StringComparison.Ordinal));

    private static bool IsDeclaredHere(MemberInfo member, Type type) => member switch
    {
        MethodInfo method => !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && method.GetBaseDefinition() == method && !Implements(method, type),
        PropertyInfo property => property.GetMethod is { } getter && getter.GetBaseDefinition() == getter && !Implements(getter, type),
        FieldInfo field => !field.IsSpecialName,
        _ => false,
    };

    private static bool Implements(MethodInfo method, Type type) =>
        !type.IsInterface && type.GetInterfaces().Any(contract => type.GetInterfaceMap(contract).TargetMethods.Any(target => target == method || IsBridge(target, method)));

    /// <summary>An explicit implementation that the compiler makes where a parameter is passed by <c>in</c>.</summary>
    private static bool IsBridge(MethodInfo target, MethodInfo method) => target.Name.EndsWith($".{method.Name}", StringComparison.Ordinal);
}
