namespace Jarn.Tests.Ptx;

/// <summary>The fundamental types (PTX ISA, "Types") and the .NET types that compute them; b types compute as unsigned numbers.</summary>
internal static class PtxType
{
    private static readonly Dictionary<string, (Type Type, int Bytes)> Types = new()
    {
        ["s8"] = (typeof(sbyte), 1),
        ["u8"] = (typeof(byte), 1),
        ["b8"] = (typeof(byte), 1),
        ["s16"] = (typeof(short), 2),
        ["u16"] = (typeof(ushort), 2),
        ["b16"] = (typeof(ushort), 2),
        ["f16"] = (typeof(Half), 2),
        ["s32"] = (typeof(int), 4),
        ["u32"] = (typeof(uint), 4),
        ["b32"] = (typeof(uint), 4),
        ["f32"] = (typeof(float), 4),
        ["s64"] = (typeof(long), 8),
        ["u64"] = (typeof(ulong), 8),
        ["b64"] = (typeof(ulong), 8),
        ["f64"] = (typeof(double), 8),
    };

    public static bool IsKnown(string name) => Types.ContainsKey(name);

    public static Type Clr(string name) => Find(name).Type;

    public static int Bytes(string name) => Find(name).Bytes;

    /// <summary>The unsigned type of that size, for what only moves bits.</summary>
    public static Type Unsigned(int bytes) => bytes switch
    {
        1 => typeof(byte),
        2 => typeof(ushort),
        4 => typeof(uint),
        _ => typeof(ulong),
    };

    private static (Type Type, int Bytes) Find(string name) =>
        Types.TryGetValue(name, out (Type, int) type) ? type : throw new PtxException($"the type '.{name}' is unknown to the interpreter");
}
