using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class MatMulTests(TestDevice device) : FastDeviceFixture(device)
{
    private static IEnumerable<MatMulGeometry> Cases =>
        from shape in new (int Rows, int Columns, int Inner)[]
        {
            (1, 1, 1), (1, 1, 1000), (1, 33, 7), (33, 1, 7), (7, 9, 1), (8, 8, 8), (9, 31, 33), (17, 129, 65), (65, 10, 300), (3, 1000, 5),
            (130, 70, 16),
        }
        from transposeA in new[] { false, true }
        from transposeB in new[] { false, true }
        select new MatMulGeometry(shape.Rows, shape.Columns, shape.Inner, transposeA, transposeB);

    [TestCaseSource(nameof(Cases))]
    public void MatMul_agrees_with_the_reference(MatMulGeometry geometry) =>
        Conformance.Check(Device, MatMulOf(geometry), Tolerance.Sum(geometry.Inner));

    [Test]
    public void MatMul_refuses_buffers_that_cannot_be_right() =>
        Conformance.CheckRefusals(Device, MatMulOf(new MatMulGeometry(2, 3, 5, TransposeA: true)));

    internal static Call MatMulOf(MatMulGeometry g) => new(
        [Sample.Normal(g.Rows * g.Inner, seed: 1), Sample.Normal(g.Inner * g.Columns, seed: 2)],
        [Call.Unwritten(g.Rows * g.Columns)],
        (d, x, y) => d.MatMul(x[0], x[1], g, y[0]));
}
