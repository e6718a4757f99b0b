using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct PoolArguments(ArrayView<float> X, PoolGeometry Geometry, ArrayView<float> Y) : IKernelArguments;

internal static class PoolKernels
{
    public static void Average(PoolArguments p)
    {
        PoolGeometry g = p.Geometry;
        for (long i = GridStride.First; i < p.Y.Length; i += GridStride.Step)
        {
            int c = (int)i % g.Channels;
            int pixel = (int)i / g.Channels;
            int column = pixel % g.OutputWidth * g.Window;
            int row = pixel / g.OutputWidth % g.OutputHeight * g.Window;
            int image = pixel / (g.OutputWidth * g.OutputHeight) * g.Height;
            float sum = 0f;
            for (int h = row; h < row + g.Window; h++)
            {
                for (int w = column; w < column + g.Window; w++)
                {
                    sum += p.X[((((image + h) * g.Width) + w) * g.Channels) + c];
                }
            }
            p.Y[i] = sum / (g.Window * g.Window);
        }
    }

    public static void Unpool(PoolArguments p)
    {
        PoolGeometry g = p.Geometry;
        for (long i = GridStride.First; i < p.X.Length; i += GridStride.Step)
        {
            int c = (int)i % g.Channels;
            int pixel = (int)i / g.Channels;
            int column = pixel % g.Width / g.Window;
            int row = pixel / g.Width % g.Height / g.Window;
            int image = pixel / (g.Width * g.Height) * g.OutputHeight;
            bool covered = row < g.OutputHeight && column < g.OutputWidth;
            p.X[i] = covered ? p.Y[((((image + row) * g.OutputWidth) + column) * g.Channels) + c] / (g.Window * g.Window) : 0f;
        }
    }
}
