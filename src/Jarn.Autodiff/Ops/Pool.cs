using Jarn.Kernels;

namespace Jarn.Autodiff;

public static partial class Operations
{
    /// <summary>Average pooling of N×H×W×C with windows that do not overlap. Pixels that do not fill a window are left out.</summary>
    public static Tensor AveragePool(this Tape tape, Tensor x, int window)
    {
        PoolGeometry geometry = new(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], window);
        return tape.Apply(new LinearMap(
            "average pool", geometry.OutputShape, (d, x, y) => d.AveragePool(x, geometry, y), (d, y, x) => d.AverageUnpool(y, geometry, x)), x)[0];
    }
}
