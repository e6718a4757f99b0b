namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    public void Fill(double value, DeviceBuffer y) => Span(y).Fill(value);

    public void Map<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction
    {
        Require.SameLength(x, y);
        Span<double> xs = Span(x), ys = Span(y);
        for (int i = 0; i < ys.Length; i++)
        {
            ys[i] = function.Exact(xs[i]);
        }
    }

    public void Zip<TFunction>(TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y)
        where TFunction : unmanaged, IBinaryFunction
    {
        geometry.Check(x, s);
        Require.SameLength(x, y);
        Span<double> xs = Span(x), ss = Span(s), ys = Span(y);
        for (int o = 0; o < geometry.Outer; o++)
        {
            for (int a = 0; a < geometry.Axis; a++)
            {
                for (int i = 0; i < geometry.Inner; i++)
                {
                    int at = (((o * geometry.Axis) + a) * geometry.Inner) + i;
                    ys[at] = function.Exact(xs[at], ss[(o * geometry.Inner) + i]);
                }
            }
        }
    }
}
