namespace Jarn.Models;

/// <summary>An array of float32 under a name; row-major, as long as the product of its shape.</summary>
public sealed record NamedTensor(string Name, int[] Shape, float[] Values);

/// <summary>What a safetensors file holds.</summary>
public sealed record TensorFile(IReadOnlyList<NamedTensor> Tensors, IReadOnlyDictionary<string, string> Metadata);
