using System.Reflection;

namespace Jarn.Kernels;

/// <summary>A kernel as it is compiled for a GPU.</summary>
/// <param name="Method">The static method, its type arguments chosen.</param>
public sealed record GpuKernel(MethodInfo Method)
{
    private readonly KernelAttribute _said = Method.GetCustomAttribute<KernelAttribute>() ?? new KernelAttribute(KernelKind.Memory);

    /// <summary>The class and the method: what the kernels have in common that differ in their type arguments.</summary>
    public string Family => $"{Method.DeclaringType!.Name}.{Method.Name}";

    /// <summary>The family and the type arguments: <c>PointwiseKernels.Map&lt;Tanh&gt;</c>.</summary>
    public string Name => Method.IsGenericMethod ? $"{Family}<{string.Join(", ", Method.GetGenericArguments().Select(type => type.Name))}>" : Family;

    /// <summary>Whether arithmetic or memory traffic bounds its time.</summary>
    public KernelKind Kind => _said.Kind;

    /// <summary>Threads of a full group.</summary>
    public int GroupSize => _said.GroupSize;

    /// <summary>The least share of multiply-adds in a product's innermost loop.</summary>
    public double MultiplyAddShare => _said.MultiplyAddShare;

    public override string ToString() => Name;
}

/// <summary>
/// The kernels of this assembly: every static method whose one parameter says so by its interface, as GpuDevice launches nothing else.
/// </summary>
public static class KernelCatalogue
{
    private static readonly Type[] Types = typeof(KernelCatalogue).Assembly.GetTypes();

    /// <summary>Each with every choice of its type arguments among the structs of the assembly, by name.</summary>
    public static IReadOnlyList<GpuKernel> All { get; } =
    [
        .. Types.SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.ReturnType == typeof(void)
                && method.GetParameters() is [ParameterInfo only] && typeof(IKernelArguments).IsAssignableFrom(only.ParameterType))
            .SelectMany(Close)
            .Select(method => new GpuKernel(method))
            .OrderBy(kernel => kernel.Name, StringComparer.Ordinal),
    ];

    private static IEnumerable<MethodInfo> Close(MethodInfo kernel)
    {
        if (!kernel.IsGenericMethodDefinition)
        {
            return [kernel];
        }
        IEnumerable<Type[]> choices = [[]];
        foreach (Type parameter in kernel.GetGenericArguments())
        {
            Type[] candidates =
            [
                .. Types.Where(type => type is { IsValueType: true, IsGenericTypeDefinition: false } && Implements(type, parameter)),
            ];
            choices = choices.SelectMany(choice => candidates.Select(candidate => choice.Append(candidate).ToArray()));
        }
        return choices.Select(choice => TryClose(kernel, choice)).OfType<MethodInfo>();
    }

    /// <summary>Up to the type arguments of generic interfaces, which MakeGenericMethod checks.</summary>
    private static bool Implements(Type type, Type parameter) => parameter.GetGenericParameterConstraints()
        .Where(constraint => constraint.IsInterface)
        .All(constraint => type.GetInterfaces().Any(implemented => Definition(implemented) == Definition(constraint)));

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static MethodInfo? TryClose(MethodInfo kernel, Type[] arguments)
    {
        try
        {
            return kernel.MakeGenericMethod(arguments);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
