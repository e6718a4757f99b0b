namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void Sum(in SumCall call)
    {
        (DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) = call;
        Span<double> xs = Span(x), ys = Span(y);
        for (int o = 0; o < geometry.Outer; o++)
        {
            for (int i = 0; i < geometry.Inner; i++)
            {
                double sum = 0;
                for (int a = 0; a < geometry.Axis; a++)
                {
                    sum += xs[(((o * geometry.Axis) + a) * geometry.Inner) + i];
                }
                ys[(o * geometry.Inner) + i] = sum;
            }
        }
    }

    internal void Broadcast(in BroadcastCall call)
    {
        (DeviceBuffer x, AxisGeometry geometry, DeviceBuffer y) = call;
        Span<double> xs = Span(x), ys = Span(y);
        for (int o = 0; o < geometry.Outer; o++)
        {
            for (int a = 0; a < geometry.Axis; a++)
            {
                xs.Slice(o * geometry.Inner, geometry.Inner).CopyTo(ys[(((o * geometry.Axis) + a) * geometry.Inner)..]);
            }
        }
    }
}
