namespace Jarn.Kernels;

/// <summary>
/// What an operation moves between its tensors and the chip, in floats for each element of the largest: as many as an implementation must that can't
/// keep a tensor on the chip. Vectors over channels or rows and partial sums are left out; operations whose traffic a geometry decides state that of
/// the common one.
/// </summary>
/// <param name="reads">Floats read for each element.</param>
/// <param name="writes">Floats written for each element.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TrafficAttribute(int reads, int writes) : Attribute
{
    public int Reads { get; } = reads;

    public int Writes { get; } = writes;
}
