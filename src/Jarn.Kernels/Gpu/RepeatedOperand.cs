using ILGPU;

namespace Jarn.Kernels;

/// <summary>A tensor [Outer, Inner], read by fours as if it were repeated along the middle axis of [Outer, Axis, Inner].</summary>
/// <remarks>Two divisions for four elements of 12 bytes of traffic or more each hide behind the memory; where rows are no multiples of four they are eight.</remarks>
internal readonly record struct RepeatedOperand(ArrayView<float> S, AxisGeometry Geometry)
{
    public Float4 At(int four)
    {
        int first = 4 * four, last = (Geometry.Outer * Geometry.Axis * Geometry.Inner) - 1;
        return Geometry.Inner % 4 == 0 ? S.Cast<Float4>()[Index(first) / 4] : new Float4
        {
            X = S[Index(first)],
            Y = S[Index(IntrinsicMath.Min(first + 1, last))],
            Z = S[Index(IntrinsicMath.Min(first + 2, last))],
            W = S[Index(IntrinsicMath.Min(first + 3, last))],
        };
    }

    private int Index(int element) => (element / (Geometry.Axis * Geometry.Inner) * Geometry.Inner) + (element % Geometry.Inner);
}
