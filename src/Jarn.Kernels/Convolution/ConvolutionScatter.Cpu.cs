namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    private void ScatterInputGradient(ConvolutionGeometry g, float* outputCotangent, DeviceBuffer filter, float* inputCotangent)
    {
        // The filter [taps·in, out] is here one matrix whose transpose's columns are the taps' channels: a 1×1 filter of as many channels.
        int columns = g.KernelHeight * g.KernelWidth * g.InputChannels;
        ConvolutionGeometry flat = new(1, 1, 1, columns, g.OutputChannels, 1, 1, 1, 1, 0, 0, 0, 0);
        ScatterJob job = new()
        {
            Kernels = _kernels,
            Geometry = g,
            OutputCotangent = outputCotangent,
            Zeros = Zeros(g.OutputChannels),
            InputCotangent = inputCotangent,
        };
        job.Panels = Panels(flat, filter, backward: true, everyTap: true, out job.PanelLength);
        job.Divide();
        _workers.Run(job, job.Blocks);
    }

    /// <summary>
    /// The input gradient for few channels: each pixel's ȳ times the whole filter gives what it owes to every tap and channel, which is
    /// then added where the taps lie. A block is an image, so that no two threads add to one place; of few images, some lines of one, which
    /// computes anew what its neighbours share with it.
    /// </summary>
    private struct ScatterJob : IBlockJob
    {
        private const int DesiredBlocks = 16;

        public MatrixKernels Kernels;
        public ConvolutionGeometry Geometry;
        public float* OutputCotangent, Zeros, Panels, InputCotangent;
        public nint PanelLength;
        private int _lines, _blocksPerImage;

        public readonly int Blocks => Geometry.Batch * _blocksPerImage;

        public void Divide()
        {
            int desired = CpuDevice.Blocks(Geometry.InputHeight, CpuDevice.Blocks(DesiredBlocks, Geometry.Batch));
            // With fewer lines than the kernel has, most would be computed more than twice.
            _lines = Math.Min(Math.Max(desired, Geometry.KernelHeight), Geometry.InputHeight);
            _blocksPerImage = CpuDevice.Blocks(Geometry.InputHeight, _lines);
        }

        public readonly void Execute(int block, Scratch scratch)
        {
            ConvolutionGeometry g = Geometry;
            int rows = Kernels.Rows, width = Kernels.PanelWidth;
            int firstLine = block % _blocksPerImage * _lines, endLine = Math.Min(firstLine + _lines, g.InputHeight);
            // The lines of ȳ that reach these.
            int firstOutput = Math.Max(0, (firstLine + g.PadTop - g.KernelHeight + g.StrideHeight) / g.StrideHeight);
            int pixels = Math.Min(g.OutputHeight, ((endLine - 1 + g.PadTop) / g.StrideHeight) + 1) * g.OutputWidth;
            int panels = Kernels.Panels(g.KernelHeight * g.KernelWidth * g.InputChannels);
            nint lineLength = (nint)g.InputWidth * g.InputChannels;
            float* image = InputCotangent + (block / _blocksPerImage * g.InputHeight * lineLength);
            float* cotangents = OutputCotangent + ((nint)(block / _blocksPerImage) * g.OutputHeight * g.OutputWidth * g.OutputChannels);
            float* shares = scratch.Reserve<float>(0, (nint)rows * panels * width);
            float** sources = scratch.ReservePointers(1, rows);
            float** outputs = scratch.ReservePointers(2, rows);
            int* segment = scratch.Reserve<int>(3, 1);
            *segment = 0;
            new Span<float>(image + (firstLine * lineLength), (int)((endLine - firstLine) * lineLength)).Clear();
            for (int first = firstOutput * g.OutputWidth; first < pixels; first += rows)
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
                    AddTaps(outputs[row], (first + row) / g.OutputWidth, (first + row) % g.OutputWidth, image, firstLine, endLine);
                }
            }
        }

        private readonly void AddTaps(float* shares, int outputRow, int outputColumn, float* image, int firstLine, int endLine)
        {
            ConvolutionGeometry g = Geometry;
            int top = (outputRow * g.StrideHeight) - g.PadTop, left = (outputColumn * g.StrideWidth) - g.PadLeft;
            int firstTap = Math.Max(0, -left), endTap = Math.Min(g.KernelWidth, g.InputWidth - left);
            int run = (endTap - firstTap) * g.InputChannels;
            for (int r = Math.Max(0, firstLine - top); r < Math.Min(g.KernelHeight, endLine - top); r++)
            {
                nint at = (((nint)(top + r) * g.InputWidth) + left + firstTap) * g.InputChannels;
                Lanes.Add(shares + (((r * g.KernelWidth) + firstTap) * g.InputChannels), image + at, run);
            }
        }
    }
}
