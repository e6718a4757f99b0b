namespace Jarn.Tests.Ptx;

/// <summary>An opcode's name and its modifiers, which the decoder takes one after the other: what it leaves is unknown to it.</summary>
internal sealed class Opcode
{
    private readonly string _text;
    private readonly List<string> _modifiers;

    public Opcode(string text)
    {
        string[] parts = text.Split('.');
        (_text, Name, _modifiers) = (text, parts[0], [.. parts[1..]]);
    }

    public string Name { get; }

    public bool Has(string modifier) => _modifiers.Contains(modifier);

    public bool Take(string modifier) => _modifiers.Remove(modifier);

    /// <summary>The first of these that is among the modifiers, or null.</summary>
    public string? TakeOneOf(params string[] modifiers) => Array.Find(modifiers, Take);

    /// <summary>The type at the end, or what is left there of several.</summary>
    public string TakeType()
    {
        string type = _modifiers.Count > 0 ? _modifiers[^1] : throw Unknown();
        _modifiers.RemoveAt(_modifiers.Count - 1);
        return type == "pred" || PtxType.IsKnown(type) ? type : throw Unknown();
    }

    /// <exception cref="PtxException">A modifier is left.</exception>
    public void RequireEnd()
    {
        if (_modifiers.Count > 0)
        {
            throw Unknown();
        }
    }

    public PtxException Unknown() => new($"the instruction '{_text}' is unknown to the interpreter");
}
