namespace Jarn.Kernels;

/// <summary>A matrix whose rows, samples mostly, are each centred and divided by their L2 norm.</summary>
/// <param name="Rows">Each with a mean and a norm of its own.</param>
/// <param name="Columns">Elements of a row.</param>
/// <param name="Epsilon">The least that a row is divided by; usually its norm is larger.</param>
public readonly record struct NormalizeGeometry(int Rows, int Columns, double Epsilon)
{
    /// <summary>Elements of the matrix.</summary>
    public int Length => Require.Product(Rows, Columns);

    /// <summary>1/ε, the reciprocal norm's bound; where it is reached, the norm does not vary with x.</summary>
    public double LargestReciprocal => 1 / Epsilon;

    internal void Check(ReadOnlySpan<DeviceBuffer> full, DeviceBuffer reciprocalNorm) => new RowGeometry(Rows, Columns).Check(full, reciprocalNorm);
}
