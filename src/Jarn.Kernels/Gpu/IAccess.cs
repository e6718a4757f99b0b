using ILGPU;

namespace Jarn.Kernels;

/// <summary>
/// How a thread reaches four neighbouring elements. A kernel has it as a type parameter, decided at launch: with both ways in one body the loop of
/// batch norm's second derivative takes 95 registers instead of 80, and a multiprocessor holds a third fewer groups.
/// </summary>
internal interface IAccess
{
    /// <param name="at">The index of the first element.</param>
    /// <param name="left">How many elements there are from there on, at least 1; where they are fewer than four, zeros take their place.</param>
    static abstract Float4 Load(ArrayView<float> elements, int at, int left);

    static abstract void Store(ArrayView<float> elements, int at, int left, Float4 values);
}

/// <summary>16 bytes at once: there are always four elements, at a multiple of four.</summary>
internal readonly struct ByFours : IAccess
{
    public static Float4 Load(ArrayView<float> elements, int at, int left) => elements.Cast<Float4>()[at / 4];

    public static void Store(ArrayView<float> elements, int at, int left, Float4 values) => elements.Cast<Float4>()[at / 4] = values;
}

/// <summary>One after the other, wherever they lie.</summary>
internal readonly struct BySingles : IAccess
{
    public static Float4 Load(ArrayView<float> elements, int at, int left) => new()
    {
        X = elements[at],
        Y = left > 1 ? elements[at + 1] : 0f,
        Z = left > 2 ? elements[at + 2] : 0f,
        W = left > 3 ? elements[at + 3] : 0f,
    };

    public static void Store(ArrayView<float> elements, int at, int left, Float4 values)
    {
        elements[at] = values.X;
        if (left > 1)
        {
            elements[at + 1] = values.Y;
        }
        if (left > 2)
        {
            elements[at + 2] = values.Z;
        }
        if (left > 3)
        {
            elements[at + 3] = values.W;
        }
    }
}
