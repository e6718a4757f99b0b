namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>
    /// Whether the kernel slides over padded copies of the images rather than finds its taps by pointers: with few channels the products of
    /// a tap are too few to pay for finding it (measured on AVX2: 165 instead of 80 GFLOP/s at 16 channels, 175 instead of 145 at 32, 178
    /// instead of 169 at 48, no gain at 64), unless most taps meet padding, which the pointers leave out. The batch doesn't matter, since a
    /// filter's panels serve every batch.
    /// </summary>
    private static bool Slides(ConvolutionGeometry g)
    {
        const int most = 48;
        const double worthwhileOccupancy = 0.5;
        return g.InputChannels <= most && g.KernelHeight * g.KernelWidth > 1
            && TapAxis.Forward(g.OutputHeight, g.KernelHeight, g.StrideHeight, g.PadTop, g.InputHeight).Occupancy()
            * TapAxis.Forward(g.OutputWidth, g.KernelWidth, g.StrideWidth, g.PadLeft, g.InputWidth).Occupancy() >= worthwhileOccupancy;
    }

    /// <summary>
    /// The convolution g by a sliding kernel. Turned, g is the <see cref="Turned"/> of the filter's geometry and the filter is turned likewise.
    /// </summary>
    private void SlidingConvolution(
        ConvolutionGeometry g, float* source, DeviceBuffer filter, ConvolutionGeometry filterGeometry, float* destination, bool turned)
    {
        SlideJob job = new() { Kernels = _kernels, Geometry = g, Source = source, Destination = destination };
        job.Panels = Panels(filterGeometry, filter, turned, everyTap: true, out job.PanelLength);
        job.Divide();
        _workers.Run(job, job.Blocks);
    }

    /// <summary>
    /// The convolution whose forward pass is the input gradient of this one, of stride 1: with the filter turned by 180° and transposed.
    /// Its padding is negative where this one's is wider than the kernel.
    /// </summary>
    private static ConvolutionGeometry Turned(ConvolutionGeometry g) => new(
        g.Batch, g.OutputHeight, g.OutputWidth, g.OutputChannels, g.InputChannels, g.KernelHeight, g.KernelWidth, 1, 1,
        g.KernelHeight - 1 - g.PadTop, g.KernelHeight - 1 - g.PadBottom, g.KernelWidth - 1 - g.PadLeft, g.KernelWidth - 1 - g.PadRight);

    /// <summary>
    /// Some lines of an image with its padding written out. So the taps of one row of the kernel are one run of numbers at every pixel, and
    /// where a tap lies depends on the pixel only by its corner.
    /// </summary>
    private readonly struct PaddedLines(ConvolutionGeometry geometry)
    {
        /// <summary>The numbers of a line: all that the taps of a line of outputs see.</summary>
        public int Pitch { get; } = (((geometry.OutputWidth - 1) * geometry.StrideWidth) + geometry.KernelWidth) * geometry.InputChannels;

        public int Length(int outputLines) => (((outputLines - 1) * geometry.StrideHeight) + geometry.KernelHeight) * Pitch;

        /// <summary>The distance from one pixel to the next.</summary>
        public int Step => geometry.StrideWidth * geometry.InputChannels;

        /// <summary>The distance from one line of pixels to the next.</summary>
        public int LineStep => geometry.StrideHeight * Pitch;

        public void Copy(float* image, int firstOutputLine, int outputLines, float* padded)
        {
            int channels = geometry.InputChannels, insideFirst = geometry.PadLeft * channels;
            int insideEnd = insideFirst + (geometry.InputWidth * channels);
            int y = (firstOutputLine * geometry.StrideHeight) - geometry.PadTop;
            for (float* end = padded + Length(outputLines); padded < end; padded += Pitch, y++)
            {
                bool inside = (uint)y < (uint)geometry.InputHeight;
                float* line = image + ((nint)y * geometry.InputWidth * channels);
                CopyRun(line - insideFirst, padded, 0, Pitch, insideFirst, inside ? insideEnd : insideFirst);
            }
        }
    }

    /// <summary>
    /// Convolution of few channels: tiles of pixels as in <see cref="GatherJob"/>, but a row of the kernel is one deep tap of the padded image,
    /// and where it lies takes no question. A block is a range of an image's lines.
    /// </summary>
    private struct SlideJob : IBlockJob
    {
        private const int DesiredBlocks = 32;

        /// <summary>Numbers of padded lines that leave room for the filter in the cache nearest to the core.</summary>
        private const int DesiredLength = 8192;

        public MatrixKernels Kernels;
        public ConvolutionGeometry Geometry;
        public float* Source, Panels, Destination;
        public nint PanelLength;
        private int _lines, _blocksPerImage;

        public readonly int Blocks => Geometry.Batch * _blocksPerImage;

        public void Divide()
        {
            ConvolutionGeometry g = Geometry;
            int pieces = Math.Max(
                CpuDevice.Blocks(DesiredBlocks, g.Batch), CpuDevice.Blocks(new PaddedLines(g).Length(g.OutputHeight), DesiredLength));
            _lines = CpuDevice.Blocks(g.OutputHeight, pieces);
            _blocksPerImage = CpuDevice.Blocks(g.OutputHeight, _lines);
        }

        public readonly void Execute(int block, Scratch scratch)
        {
            ConvolutionGeometry g = Geometry;
            PaddedLines lines = new(g);
            int image = block / _blocksPerImage, firstLine = block % _blocksPerImage * _lines, count = Math.Min(_lines, g.OutputHeight - firstLine);
            float* padded = scratch.Reserve<float>(0, lines.Length(count));
            lines.Copy(Source + ((nint)image * g.InputHeight * g.InputWidth * g.InputChannels), firstLine, count, padded);

            int rows = Kernels.Rows, kernelRows = g.KernelHeight, columns = g.OutputChannels, panels = Kernels.Panels(columns);
            float** sources = scratch.ReservePointers(1, (nint)kernelRows * rows);
            float** outputs = scratch.ReservePointers(2, rows);
            int* segments = scratch.Reserve<int>(3, kernelRows);
            float* surplus = scratch.Reserve<float>(4, panels * Kernels.PanelWidth);
            float** edge = EdgeRows(Kernels, scratch, 5, 6);
            for (int r = 0; r < kernelRows; r++)
            {
                segments[r] = r;
            }
            int pixels = count * g.OutputWidth, depth = g.KernelWidth * g.InputChannels;
            nint step = lines.Step, pitch = lines.Pitch, nextLine = lines.LineStep - (g.OutputWidth * step);
            float* output = Destination + ((((nint)image * g.OutputHeight) + firstLine) * g.OutputWidth * columns);
            float* corner = padded;
            for (int first = 0, left = g.OutputWidth; first < pixels; first += rows)
            {
                for (int row = 0; row < rows; row++, output += columns)
                {
                    bool valid = first + row < pixels;
                    outputs[row] = valid ? output : surplus;
                    float* tap = valid ? corner : padded;
                    for (int r = 0; r < kernelRows; r++, tap += pitch)
                    {
                        sources[(r * rows) + row] = tap;
                    }
                    corner += step;
                    if (--left == 0)
                    {
                        left = g.OutputWidth;
                        corner += nextLine;
                    }
                }
                for (int panel = 0; panel < panels; panel++)
                {
                    MultiplyTile(
                        Kernels, sources, segments, kernelRows, depth, Panels + (panel * PanelLength), outputs,
                        panel * Kernels.PanelWidth, columns, edge);
                }
            }
        }
    }
}
