namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void Fill(in FillCall call) => Span(call.Y).Fill(call.Value);

    internal void Map<TFunction>(in MapCall<TFunction> call) where TFunction : unmanaged, IUnaryFunction
    {
        (TFunction function, DeviceBuffer x, DeviceBuffer y) = call;
        Span<double> xs = Span(x), ys = Span(y);
        for (int i = 0; i < ys.Length; i++)
        {
            ys[i] = function.Exact(xs[i]);
        }
    }

    internal void Zip<TFunction>(in ZipCall<TFunction> call)
        where TFunction : unmanaged, IBinaryFunction
    {
        (TFunction function, DeviceBuffer x, DeviceBuffer s, AxisGeometry geometry, DeviceBuffer y) = call;
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
