using Jarn.Models;

namespace Jarn.Tests.Models;

public sealed class BoxProjectionTests
{
    /// <summary>
    /// Coordinates in the middle and at the sides, weights of many magnitudes and none, planes on both sides, within reach and beyond.
    /// </summary>
    private static IEnumerable<(float[] Point, float[] Normal, double Excess)> Cases()
    {
        Random random = new(1);
        for (int number = 0; number < 3000; number++)
        {
            int length = 1 + random.Next(40);
            float[] point = [.. Enumerable.Range(0, length).Select(_ => random.Next(5) switch { 0 => 0, 1 => 1, _ => random.NextSingle() })];
            float[] normal = [.. Enumerable.Range(0, length).Select(_ => random.Next(6) == 0 ? 0 : Signed() * MathF.Pow(10, random.Next(-4, 3)))];
            yield return (point, normal, Signed() * 1.2 * normal.Sum(MathF.Abs));
        }
        yield return ([0.5f, 0.5f], [1, -1], 0);
        yield return ([0.5f, 0.5f], [0, 0], 1);
        // The pieces of g end where half of what is left is gained: the worst that Newton's method can meet.
        float[] halves = [.. Enumerable.Range(1, 100).Select(i => MathF.ScaleB(1, -i))];
        float[] quadruples = [.. Enumerable.Range(1, 100).Select(i => MathF.ScaleB(1, i))];
        yield return (halves, quadruples, 99.5);

        float Signed() => (random.NextSingle() * 2) - 1;
    }

    [Test]
    public void The_step_reaches_the_plane_within_the_box_and_none_is_shorter()
    {
        foreach ((float[] point, float[] normal, double excess) in Cases())
        {
            BoxProjection projection = BoxProjection.Onto(point, normal, excess);
            double[] step = [.. point.Zip(normal, projection.Step)];
            double[] rooms = [.. normal.Zip(point, (w, t) => w > 0 == excess < 0 ? 1.0 - t : t)];
            double reach = normal.Zip(rooms, (w, room) => Math.Abs(w) * room).Sum(), tolerance = 1e-12 * normal.Sum(MathF.Abs);
            Assert.That(step.Zip(point, (s, t) => t + s), Has.All.InRange(0, 1));
            Assert.That(step.Max(Math.Abs), Is.EqualTo(projection.Radius).Within(1e-15));
            Assert.That(excess + step.Zip(normal, (s, w) => s * w).Sum(),
                Is.EqualTo(Math.Sign(excess) * Math.Max(0, Math.Abs(excess) - reach)).Within(tolerance));
            Assert.That(projection.Radius, Is.EqualTo(RadiusBySorting([.. normal.Select(w => (double)w)], rooms, Math.Abs(excess))).Within(1e-12));
        }
    }

    /// <summary>min λ with g(λ) = Σ |wᵢ| min(λ, roomᵢ) ≥ reach: the first room where it is so ends the piece, on which g is a line.</summary>
    internal static double RadiusBySorting(IReadOnlyList<double> normal, IReadOnlyList<double> rooms, double reach)
    {
        (double Room, double Weight)[] sides = [.. rooms.Zip(normal, (room, w) => (room, Math.Abs(w))).Where(side => side.Item2 > 0)];
        double radius = 0;
        foreach (double room in sides.Select(side => side.Room).Order())
        {
            if (sides.Sum(side => side.Weight * Math.Min(room, side.Room)) >= reach)
            {
                double gained = sides.Where(side => side.Room <= radius).Sum(side => side.Weight * side.Room);
                return (reach - gained) / sides.Where(side => side.Room > radius).Sum(side => side.Weight);
            }
            radius = room;
        }
        return radius;
    }
}
