using ILGPU;

namespace Jarn.Kernels;

internal readonly record struct PoolArguments(ArrayView<float> X, PoolGeometry Geometry, ArrayView<float> Y) : IKernelArguments;

/// <summary>A thread takes four channels of a pixel: its divisions hide behind the memory.</summary>
internal static class PoolKernels
{
    public static void Average<TAccess>(PoolArguments p) where TAccess : struct, IAccess
    {
        PoolGeometry g = p.Geometry;
        RowsOfFour pixels = new(g.Channels);
        Float4 area = Float4.Of(g.Window * g.Window);
        for (long i = GridStride.First; i < g.Batch * g.OutputHeight * g.OutputWidth * pixels.Count; i += GridStride.Step)
        {
            int four = (int)i % pixels.Count, pixel = (int)i / pixels.Count;
            int column = pixel % g.OutputWidth * g.Window;
            int row = pixel / g.OutputWidth % g.OutputHeight * g.Window;
            int image = pixel / (g.OutputWidth * g.OutputHeight) * g.Height;
            Float4 sum = default;
            for (int h = row; h < row + g.Window; h++)
            {
                for (int w = column; w < column + g.Window; w++)
                {
                    sum += pixels.Load<TAccess>(p.X, ((image + h) * g.Width) + w, four);
                }
            }
            pixels.Store<TAccess>(p.Y, pixel, four, sum / area);
        }
    }

    public static void Unpool<TAccess>(PoolArguments p) where TAccess : struct, IAccess
    {
        PoolGeometry g = p.Geometry;
        RowsOfFour pixels = new(g.Channels);
        Float4 area = Float4.Of(g.Window * g.Window);
        for (long i = GridStride.First; i < g.Batch * g.Height * g.Width * pixels.Count; i += GridStride.Step)
        {
            int four = (int)i % pixels.Count, pixel = (int)i / pixels.Count;
            int column = pixel % g.Width / g.Window;
            int row = pixel / g.Width % g.Height / g.Window;
            int image = pixel / (g.Width * g.Height) * g.OutputHeight;
            Float4 x = default;
            if (row < g.OutputHeight && column < g.OutputWidth)
            {
                x = pixels.Load<TAccess>(p.Y, ((image + row) * g.OutputWidth) + column, four) / area;
            }
            pixels.Store<TAccess>(p.X, pixel, four, x);
        }
    }
}
