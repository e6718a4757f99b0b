namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void AveragePool(in AveragePoolCall call)
    {
        (DeviceBuffer x, PoolGeometry geometry, DeviceBuffer y) = call;
        double[] input = Values(x), output = Values(y);
        Array.Clear(output);
        ForEachPooled(geometry, (i, o, share) => output[o] += share * input[i]);
    }

    internal void AverageUnpool(in AverageUnpoolCall call)
    {
        (DeviceBuffer y, PoolGeometry geometry, DeviceBuffer x) = call;
        double[] input = Values(x), output = Values(y);
        Array.Clear(input);
        ForEachPooled(geometry, (i, o, share) => input[i] += share * output[o]);
    }

    private static void ForEachPooled(PoolGeometry g, Action<int, int, double> term)
    {
        double share = 1.0 / (g.Window * g.Window);
        for (int n = 0; n < g.Batch; n++)
        {
            for (int h = 0; h < g.OutputHeight * g.Window; h++)
            {
                for (int w = 0; w < g.OutputWidth * g.Window; w++)
                {
                    for (int c = 0; c < g.Channels; c++)
                    {
                        int input = (((((n * g.Height) + h) * g.Width) + w) * g.Channels) + c;
                        int output = (((((n * g.OutputHeight) + (h / g.Window)) * g.OutputWidth) + (w / g.Window)) * g.Channels) + c;
                        term(input, output, share);
                    }
                }
            }
        }
    }
}
