namespace Jarn.Models;

/// <summary>An array of float32 under a name; row-major, as long as the product of its shape.</summary>
public sealed record NamedTensor(string Name, int[] Shape, float[] Values)
{
    /// <summary>The type in the file that it was read from, as safetensors names it: F32 unless it was converted.</summary>
    public string StoredAs { get; init; } = SafeTensorsHeader.Single;
}

/// <summary>The content of a safetensors file.</summary>
public sealed record TensorFile(IReadOnlyList<NamedTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Names of tensors that were left out on reading, see <see cref="SafeTensorsFormat.ReadConverting"/>.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];
}
