using ILGPU;

namespace Jarn.Kernels;

/// <summary>Rows in memory, of which a thread takes four neighbouring elements at a time.</summary>
/// <param name="Columns">Elements of a row; what its last four lack is read as zeros, and not written.</param>
/// <param name="Pitch">The distance from a row's first element to that of the next.</param>
/// <param name="Start">The index of the first row's first element.</param>
internal readonly record struct RowsOfFour(int Columns, int Pitch, int Start)
{
    public RowsOfFour(int columns) : this(columns, columns, 0)
    {
    }

    /// <summary>Fours of a row.</summary>
    public int Count => GpuDevice.DivideUp(Columns, 4);

    /// <summary>Whether <see cref="ByFours"/> reaches them.</summary>
    public bool Aligned => (Columns | Pitch | Start) % 4 == 0;

    public Float4 Load<TAccess>(ArrayView<float> elements, int row, int four) where TAccess : struct, IAccess =>
        TAccess.Load(elements, Start + (row * Pitch) + (4 * four), Columns - (4 * four));

    public void Store<TAccess>(ArrayView<float> elements, int row, int four, Float4 values) where TAccess : struct, IAccess =>
        TAccess.Store(elements, Start + (row * Pitch) + (4 * four), Columns - (4 * four), values);

    /// <summary>The values with zeros beyond the row's end.</summary>
    public Float4 Inside(int four, Float4 values)
    {
        int left = Columns - (4 * four);
        return new Float4 { X = values.X, Y = left > 1 ? values.Y : 0f, Z = left > 2 ? values.Z : 0f, W = left > 3 ? values.W : 0f };
    }
}
