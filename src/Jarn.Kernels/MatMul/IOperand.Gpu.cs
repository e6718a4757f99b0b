using ILGPU;

namespace Jarn.Kernels;

/// <summary>
/// Where an index of a product leads, taken apart once and used for many loads: an offset in memory, and a row and a column of the image
/// that it lies in, relative to those of the other index. Matrices have no image.
/// </summary>
internal readonly record struct Coordinates(int Offset, int Row, int Column)
{
    /// <summary>The index of no element: negative, and a multiple of four as those that a thread loads four elements from.</summary>
    public const int Outside = -4;

    /// <summary>The element that the two indices lead to together, or <see cref="Outside"/> where its row or column lies outside the image.</summary>
    public int IndexInside(Coordinates other, int height, int width)
    {
        bool inside = ((uint)(Row + other.Row) < (uint)height) & ((uint)(Column + other.Column) < (uint)width);
        return inside ? Offset + other.Offset : Outside;
    }
}

/// <summary>
/// A factor of a product Σₛ left(row, s)·right(s, column), read element by element: a matrix, or what a convolution makes one. Its outer
/// index is the row or the column of the product, the other one is summed over. Neighbours along one of them are neighbours in memory.
/// </summary>
internal interface IOperand
{
    /// <summary>Whether neighbours in memory differ in the summed index, rather than in the outer one: it decides who loads what.</summary>
    static abstract bool SummedIsContiguous { get; }

    /// <summary>The elements that <see cref="Index"/> refers to.</summary>
    ArrayView<float> Elements { get; }

    /// <summary>
    /// So many neighbours lie side by side: where it is a multiple of four, then so is the extent along that index, and four neighbours from
    /// a multiple of four on can be loaded at once, for all of them or none are padding. Asked on the host.
    /// </summary>
    int Run { get; }

    Coordinates Outer(int index);

    Coordinates Summed(int index);

    /// <summary>The index of an element in <see cref="Elements"/>; negative in the padding, where a zero stands.</summary>
    int Index(Coordinates outer, Coordinates summed);
}

/// <summary>The right factor of a product.</summary>
internal interface IRightOperand : IOperand;

/// <summary>The left factor, which says with which right factors it meets, how long the sum is, and where the result goes.</summary>
internal interface ILeftOperand<TSelf, TRight> : IOperand where TRight : struct, IRightOperand
{
    /// <summary>The number of terms in the sum.</summary>
    int Terms { get; }

    /// <summary>This factor in one of the products that a launch may hold: those of a strided convolution's residue classes.</summary>
    TSelf Part(int part);

    /// <summary>The right factor as this part meets it.</summary>
    TRight Facing(TRight right);

    /// <summary>The row of the result that a row of the product goes to; negative if it is not part of the result.</summary>
    int ResultRow(int row);
}
