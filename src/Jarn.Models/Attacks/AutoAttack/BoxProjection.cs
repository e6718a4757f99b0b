namespace Jarn.Models;

/// <summary>
/// The shortest step in L∞ from a point t of [0, 1]ᵈ onto a hyperplane {x : ⟨w, x⟩ = b} within the box, without storing it:
/// component i is <see cref="Step"/>(tᵢ, wᵢ).
/// </summary>
/// <remarks>
/// With e = ⟨w, t⟩ − b, every component moves in the direction −sign(e·wᵢ), which changes ⟨w, x⟩ by |wᵢ| a unit, up to the radius λ or to the side
/// of the box, whose distance is roomᵢ. The step reaches the plane where g(λ) = Σ |wᵢ| min(λ, roomᵢ) = |e|, and no smaller radius can: g is the most
/// that a step of norm λ gains. Where even g(∞) is too little, the step ends in the corner of the box that is nearest to the plane.
/// </remarks>
public readonly record struct BoxProjection
{
    private readonly bool _rises;

    private BoxProjection(double radius, bool rises) => (Radius, _rises) = (radius, rises);

    /// <summary>λ, the step's L∞ norm.</summary>
    public double Radius { get; }

    /// <remarks>
    /// Exact, by Newton's method from the left on g, which is concave and linear between the rooms: the root of a tangent is never beyond g's, and
    /// each step that is not the last leaves a linear piece for good. Residual times slope falls at least to a quarter a step, so that there are some
    /// tens of steps of O(d) at the very most and three to six as a rule, with neither a sort of the rooms nor a copy of them.
    /// </remarks>
    /// <param name="point">t: d coordinates in [0, 1].</param>
    /// <param name="normal">w: d of them.</param>
    /// <param name="excess">e = ⟨w, t⟩ − b.</param>
    public static BoxProjection Onto(ReadOnlySpan<float> point, ReadOnlySpan<float> normal, double excess)
    {
        bool rises = excess < 0;
        double radius = 0;
        while (true)
        {
            double gained = 0, slope = 0, largest = 0;
            for (int i = 0; i < point.Length; i++)
            {
                double room = Room(point[i], normal[i], rises), weight = Math.Abs(normal[i]);
                if (weight == 0)
                {
                    continue;
                }
                largest = Math.Max(largest, room);
                if (room > radius)
                {
                    slope += weight;
                }
                else
                {
                    gained += weight * room;
                }
            }
            if (slope == 0)
            {
                return new BoxProjection(largest, rises);
            }
            double next = (Math.Abs(excess) - gained) / slope;
            if (!(next > radius))
            {
                return new BoxProjection(radius, rises);
            }
            radius = next;
        }
    }

    /// <summary>How far a coordinate moves.</summary>
    /// <param name="point">tᵢ.</param>
    /// <param name="normal">wᵢ.</param>
    public double Step(float point, float normal)
    {
        double length = normal == 0 ? 0 : Math.Min(Radius, Room(point, normal, _rises));
        return normal > 0 == _rises ? length : -length;
    }

    private static double Room(float point, float normal, bool rises) => normal > 0 == rises ? 1.0 - point : point;
}
