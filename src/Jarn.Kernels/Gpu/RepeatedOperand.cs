using ILGPU;

namespace Jarn.Kernels;

/// <summary>A tensor s[Outer, Inner], read by fours as if it were repeated along the middle axis of [Outer, Axis, Inner].</summary>
internal readonly record struct RepeatedOperand
{
    private readonly ArrayView<float> _s;
    private readonly Divisor _run, _inner;
    private readonly int _last;

    public RepeatedOperand(ArrayView<float> s, AxisGeometry geometry)
    {
        _s = s;
        (_run, _inner) = (new Divisor(geometry.Axis * geometry.Inner), new Divisor(geometry.Inner));
        _last = geometry.Length - 1;
    }

    /// <summary>What stands at four elements of the whole; at those beyond its end, what stands at the last.</summary>
    public Float4 At(int four)
    {
        int first = 4 * four;
        return _inner.Value % 4 == 0 ? _s.Cast<Float4>()[Index(first) / 4] : new Float4
        {
            X = _s[Index(first)],
            Y = _s[Index(IntrinsicMath.Min(first + 1, _last))],
            Z = _s[Index(IntrinsicMath.Min(first + 2, _last))],
            W = _s[Index(IntrinsicMath.Min(first + 3, _last))],
        };
    }

    private int Index(int element) =>
        (_run.Quotient(element) * _inner.Value) + _inner.Remainder(element, _inner.Quotient(element));
}
