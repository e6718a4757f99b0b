namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    private void FilterGradient(ConvGeometry g, float* input, float* outputCotangent, float* filterCotangent)
    {
        FilterGradientJob job = new()
        {
            Kernels = _kernels,
            Geometry = g,
            Input = input,
            OutputCotangent = outputCotangent,
        };
        job.Divide();
        nint length = (nint)g.KernelHeight * g.KernelWidth * g.InputChannels * g.OutputChannels;
        job.Destination = job.Parts == 1 ? filterCotangent : _workspace.Reserve<float>(Slot.Partials, job.Parts * length);
        _workers.Run(job, job.Blocks);
        if (job.Parts > 1)
        {
            SumParts(job.Destination, job.Parts, (int)length, filterCotangent);
        }
    }

    /// <summary>
    /// The filter's cotangent as a matrix [tap·channel, out]: its tiles are shared out among blocks, each of which passes over the pixels.
    /// Of a few pixels at a time the rows of x that the taps meet are gathered side by side and ȳ is packed in panels, so that both
    /// stay in cache. Where that gives too few blocks the pixels too are divided, in parts of a number fixed by the shape.
    /// </summary>
    private struct FilterGradientJob : IBlockJob
    {
        private const int PixelsPerStep = 64;
        private const int TilesPerBlock = 16;
        private const int ColumnsPerBlock = 256;
        private const int DesiredBlocks = 16;
        private const int MinimumStepsPerPart = 16;

        public MatrixKernels Kernels;
        public ConvGeometry Geometry;
        public float* Input, OutputCotangent, Destination;
        private TapAxis _vertical, _horizontal;
        private PixelOrder _order;
        private int _rowsPerBlock, _rowBlocks, _columnBlocks;

        public int Parts { get; private set; }

        public readonly int Blocks => Parts * _rowBlocks * _columnBlocks;

        private readonly int Rows => Geometry.KernelHeight * Geometry.KernelWidth * Geometry.InputChannels;

        private readonly int Steps => CpuDevice.Blocks(_order.Count, PixelsPerStep);

        public void Divide()
        {
            ConvGeometry g = Geometry;
            _vertical = TapAxis.Forward(g.OutputHeight, g.KernelHeight, g.StrideHeight, g.PadTop, g.InputHeight);
            _horizontal = TapAxis.Forward(g.OutputWidth, g.KernelWidth, g.StrideWidth, g.PadLeft, g.InputWidth);
            _order = PixelOrder.For(g.Batch, _vertical, _horizontal, PixelsPerStep / 2);
            _rowsPerBlock = Math.Min(TilesPerBlock, Kernels.Tiles(Rows)) * Kernels.Rows;
            _rowBlocks = CpuDevice.Blocks(Rows, _rowsPerBlock);
            _columnBlocks = CpuDevice.Blocks(g.OutputChannels, ColumnsPerBlock);
            Parts = Math.Clamp(Steps / MinimumStepsPerPart, 1, CpuDevice.Blocks(DesiredBlocks, _rowBlocks * _columnBlocks));
        }

        public readonly void Execute(int block, Scratch scratch)
        {
            (int tileBlock, int part) = (block / Parts, block % Parts);
            int firstRow = tileBlock / _columnBlocks * _rowsPerBlock, rows = Math.Min(_rowsPerBlock, Rows - firstRow);
            int firstColumn = tileBlock % _columnBlocks * ColumnsPerBlock, columns = Math.Min(ColumnsPerBlock, Geometry.OutputChannels - firstColumn);
            int tiles = Kernels.Tiles(rows), panels = Kernels.Panels(columns), width = Kernels.PanelWidth;
            int stride = panels * width;
            float* sums = scratch.Reserve<float>(0, (nint)tiles * Kernels.Rows * stride);
            float* gathered = scratch.Reserve<float>(1, (nint)PixelsPerStep * tiles * Kernels.Rows);
            float* packed = scratch.Reserve<float>(2, (nint)PixelsPerStep * width);
            Pixel* pixels = scratch.Reserve<Pixel>(3, PixelsPerStep);
            bool* live = scratch.Reserve<bool>(4, tiles);
            new Span<float>(sums, tiles * Kernels.Rows * stride).Clear();
            int lastStep = (int)((long)Steps * (part + 1) / Parts);
            for (int step = (int)((long)Steps * part / Parts); step < lastStep; step++)
            {
                int first = step * PixelsPerStep, count = Math.Min(PixelsPerStep, _order.Count - first);
                Locate(first, count, pixels);
                new Span<bool>(live, tiles).Clear();
                if (!GatherRows(firstRow, rows, pixels, count, gathered, tiles * Kernels.Rows, live))
                {
                    continue;
                }
                for (int panel = 0; panel < panels; panel++)
                {
                    int column = firstColumn + (panel * width);
                    PackPanel(pixels, count, column, Math.Min(width, Geometry.OutputChannels - column), packed);
                    for (int tile = 0; tile < tiles; tile++)
                    {
                        if (live[tile])
                        {
                            float* corner = sums + ((nint)tile * Kernels.Rows * stride) + (panel * width);
                            Kernels.OuterProducts(gathered + (tile * Kernels.Rows), tiles * Kernels.Rows, packed, count, corner, stride);
                        }
                    }
                }
            }
            float* destination = Destination + ((((nint)part * Rows) + firstRow) * Geometry.OutputChannels) + firstColumn;
            for (int row = 0; row < rows; row++)
            {
                Lanes.Copy(sums + ((nint)row * stride), destination + ((nint)row * Geometry.OutputChannels), columns);
            }
        }

        private readonly void Locate(int first, int count, Pixel* pixels)
        {
            ConvGeometry g = Geometry;
            for (int l = 0; l < count; l++)
            {
                (int image, int i, int j) = _order[first + l];
                pixels[l] = new Pixel
                {
                    Image = Input + ((nint)image * g.InputHeight * g.InputWidth * g.InputChannels),
                    Cotangent = OutputCotangent + (((((nint)image * g.OutputHeight) + i) * g.OutputWidth + j) * g.OutputChannels),
                    Top = (i * g.StrideHeight) - g.PadTop,
                    Left = (j * g.StrideWidth) - g.PadLeft,
                };
            }
        }

        /// <summary>gathered[pixel, row − firstRow] = what the pixel's tap and channel of that row meet; says whether any is not padding.</summary>
        private readonly bool GatherRows(int firstRow, int rows, Pixel* pixels, int count, float* gathered, int stride, bool* live)
        {
            ConvGeometry g = Geometry;
            int channels = g.InputChannels;
            bool anyLive = false;
            for (int row = firstRow; row < firstRow + rows;)
            {
                int tap = row / channels, channel = row % channels, run = Math.Min(channels - channel, firstRow + rows - row);
                int tapRow = tap / g.KernelWidth, tapColumn = tap % g.KernelWidth;
                bool any = false;
                float* to = gathered + (row - firstRow);
                for (int l = 0; l < count; l++, to += stride)
                {
                    int y = pixels[l].Top + tapRow, x = pixels[l].Left + tapColumn;
                    if ((uint)y < (uint)g.InputHeight && (uint)x < (uint)g.InputWidth)
                    {
                        Lanes.Copy(pixels[l].Image + ((((nint)y * g.InputWidth) + x) * channels) + channel, to, run);
                        any = true;
                    }
                    else
                    {
                        new Span<float>(to, run).Clear();
                    }
                }
                if (any)
                {
                    anyLive = true;
                    new Span<bool>(live, (row - firstRow + run - 1) / Kernels.Rows + 1)[((row - firstRow) / Kernels.Rows)..].Fill(true);
                }
                row += run;
            }
            return anyLive;
        }

        private readonly void PackPanel(Pixel* pixels, int count, int column, int columns, float* packed)
        {
            int width = Kernels.PanelWidth;
            for (int l = 0; l < count; l++, packed += width)
            {
                Lanes.Copy(pixels[l].Cotangent + column, packed, columns);
                new Span<float>(packed + columns, width - columns).Clear();
            }
        }

        /// <summary>An output pixel: its image, its cotangent, and where its first tap lies in the image.</summary>
        private struct Pixel
        {
            public float* Image, Cotangent;
            public int Top, Left;
        }
    }
}
