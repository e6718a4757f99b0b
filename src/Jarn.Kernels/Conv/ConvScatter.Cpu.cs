namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    private void ScatterInputGradient(ConvGeometry g, float* outputCotangent, DeviceBuffer filter, float* inputCotangent)
    {
        // The filter [taps·in, out] is here one matrix whose transpose's columns are the taps' channels: a 1×1 filter of as many channels.
        int columns = g.KernelHeight * g.KernelWidth * g.InputChannels;
        ConvGeometry flat = new(1, 1, 1, columns, g.OutputChannels, 1, 1, 1, 1, 0, 0, 0, 0);
        ScatterJob job = new()
        {
            Kernels = _kernels,
            Geometry = g,
            OutputCotangent = outputCotangent,
            Zeros = Zeros(g.OutputChannels),
            InputCotangent = inputCotangent,
        };
        job.Panels = Panels(flat, filter, backward: true, everyTap: true, out job.PanelLength);
        _workers.Run(job, g.Batch);
    }

    /// <summary>
    /// The input gradient for few channels: each pixel's ȳ times the whole filter gives what it owes to every tap and channel, which is
    /// then added where the taps lie. A block is an image, so that no two threads add to one place.
    /// </summary>
    private struct ScatterJob : IBlockJob
    {
        public MatrixKernels Kernels;
        public ConvGeometry Geometry;
        public float* OutputCotangent, Zeros, Panels, InputCotangent;
        public nint PanelLength;

        public readonly void Execute(int block, Scratch scratch)
        {
            ConvGeometry g = Geometry;
            int rows = Kernels.Rows, width = Kernels.PanelWidth, pixels = g.OutputHeight * g.OutputWidth;
            int panels = Kernels.Panels(g.KernelHeight * g.KernelWidth * g.InputChannels);
            nint imageLength = (nint)g.InputHeight * g.InputWidth * g.InputChannels;
            float* image = InputCotangent + (block * imageLength);
            float* cotangents = OutputCotangent + ((nint)block * pixels * g.OutputChannels);
            float* shares = scratch.Reserve<float>(0, (nint)rows * panels * width);
            float** sources = scratch.ReservePointers(1, rows);
            float** outputs = scratch.ReservePointers(2, rows);
            int* segment = scratch.Reserve<int>(3, 1);
            *segment = 0;
            new Span<float>(image, (int)imageLength).Clear();
            for (int first = 0; first < pixels; first += rows)
            {
                int valid = Math.Min(rows, pixels - first);
                for (int row = 0; row < rows; row++)
                {
                    sources[row] = row < valid ? cotangents + ((nint)(first + row) * g.OutputChannels) : Zeros;
                    outputs[row] = shares + ((nint)row * panels * width);
                }
                for (int panel = 0; panel < panels; panel++)
                {
                    Kernels.Gather(sources, segment, 1, g.OutputChannels, Panels + (panel * PanelLength), outputs, panel * width);
                }
                for (int row = 0; row < valid; row++)
                {
                    AddTaps(outputs[row], (first + row) / g.OutputWidth, (first + row) % g.OutputWidth, image);
                }
            }
        }

        private readonly void AddTaps(float* shares, int outputRow, int outputColumn, float* image)
        {
            ConvGeometry g = Geometry;
            int top = (outputRow * g.StrideHeight) - g.PadTop, left = (outputColumn * g.StrideWidth) - g.PadLeft;
            int firstTap = Math.Max(0, -left), endTap = Math.Min(g.KernelWidth, g.InputWidth - left);
            int run = (endTap - firstTap) * g.InputChannels;
            for (int r = Math.Max(0, -top); r < Math.Min(g.KernelHeight, g.InputHeight - top); r++)
            {
                nint at = (((nint)(top + r) * g.InputWidth) + left + firstTap) * g.InputChannels;
                Lanes.Add(shares + (((r * g.KernelWidth) + firstTap) * g.InputChannels), image + at, run);
            }
        }
    }
}
