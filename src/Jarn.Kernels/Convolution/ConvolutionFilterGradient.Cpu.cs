using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    private void FilterGradient(ConvolutionGeometry g, float* input, float* outputCotangent, float* filterCotangent)
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
    /// stay in cache. With few channels they are gathered from padded lines, where a row of the kernel is one run that is always there.
    /// Where that gives too few blocks the pixels too are divided, in parts of a number fixed by the shape.
    /// </summary>
    private struct FilterGradientJob : IBlockJob
    {
        private const int PixelsPerStep = 64;
        private const int TilesPerBlock = 32;
        private const int ColumnsPerBlock = 256;
        private const int DesiredBlocks = 16;
        private const int MinimumStepsPerPart = 16;

        public MatrixKernels Kernels;
        public ConvolutionGeometry Geometry;
        public float* Input, OutputCotangent, Destination;
        private TapAxis _vertical, _horizontal;
        private PixelOrder _order;
        private bool _slides;
        private int _rowsPerBlock, _rowBlocks, _columnBlocks, _linesPerStep, _stepsPerImage, _pixelsPerStep;

        public int Parts { get; private set; }

        public readonly int Blocks => Parts * _rowBlocks * _columnBlocks;

        private readonly int Rows => Geometry.KernelHeight * Geometry.KernelWidth * Geometry.InputChannels;

        private readonly int Steps => _slides ? Geometry.Batch * _stepsPerImage : CpuDevice.Blocks(_order.Count, PixelsPerStep);

        public void Divide()
        {
            ConvolutionGeometry g = Geometry;
            _vertical = TapAxis.Forward(g.OutputHeight, g.KernelHeight, g.StrideHeight, g.PadTop, g.InputHeight);
            _horizontal = TapAxis.Forward(g.OutputWidth, g.KernelWidth, g.StrideWidth, g.PadLeft, g.InputWidth);
            _order = PixelOrder.For(g.Batch, _vertical, _horizontal, PixelsPerStep / 2);
            _slides = Slides(g);
            _linesPerStep = Math.Clamp(PixelsPerStep / g.OutputWidth, 1, g.OutputHeight);
            _stepsPerImage = CpuDevice.Blocks(g.OutputHeight, _linesPerStep);
            _pixelsPerStep = _slides ? _linesPerStep * g.OutputWidth : PixelsPerStep;
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
            int tileLength = Kernels.Rows * width, stride = (tiles * Kernels.Rows) + Lanes.Width;
            float* sums = scratch.Reserve<float>(0, (nint)panels * tiles * tileLength);
            float* gathered = scratch.Reserve<float>(1, (nint)_pixelsPerStep * stride);
            float* packed = scratch.Reserve<float>(2, (nint)_pixelsPerStep * width);
            Pixel* pixels = scratch.Reserve<Pixel>(3, _pixelsPerStep);
            bool* live = scratch.Reserve<bool>(4, tiles);
            new Span<float>(sums, panels * tiles * tileLength).Clear();
            int lastStep = (int)((long)Steps * (part + 1) / Parts);
            for (int step = (int)((long)Steps * part / Parts); step < lastStep; step++)
            {
                int count;
                if (_slides)
                {
                    count = CopyLines(step, scratch, pixels);
                    GatherRuns(firstRow, rows, pixels, count, gathered, stride);
                    new Span<bool>(live, tiles).Fill(true);
                }
                else
                {
                    count = Locate(step * PixelsPerStep, pixels);
                    new Span<bool>(live, tiles).Clear();
                    if (!GatherRows(firstRow, rows, pixels, count, gathered, stride, live))
                    {
                        continue;
                    }
                }
                for (int panel = 0; panel < panels; panel++)
                {
                    int column = firstColumn + (panel * width), liveColumns = Math.Min(width, Geometry.OutputChannels - column);
                    // Lines of an image are packed but for their stride.
                    bool inPlace = _slides && liveColumns == width;
                    float* right = inPlace ? pixels->Cotangent + column : packed;
                    int rightStride = inPlace ? Geometry.OutputChannels : width;
                    if (!inPlace)
                    {
                        PackPanel(pixels, count, column, liveColumns, packed);
                    }
                    for (int tile = 0; tile < tiles; tile++)
                    {
                        if (live[tile])
                        {
                            float* sum = sums + (((panel * tiles) + tile) * tileLength);
                            Kernels.OuterProducts(gathered + (tile * Kernels.Rows), stride, right, rightStride, count, sum);
                        }
                    }
                }
            }
            float* destination = Destination + ((((nint)part * Rows) + firstRow) * Geometry.OutputChannels) + firstColumn;
            for (int panel = 0; panel < panels; panel++)
            {
                int first = panel * width, count = Math.Min(width, columns - first);
                for (int row = 0; row < rows; row++)
                {
                    float* from = sums + ((nint)panel * tiles * tileLength) + (row * width);
                    Lanes.Copy(from, destination + ((nint)row * Geometry.OutputChannels) + first, count);
                }
            }
        }

        /// <summary>Copies a step's lines of an image with their padding, and returns how many pixels they have.</summary>
        private readonly int CopyLines(int step, Scratch scratch, Pixel* pixels)
        {
            ConvolutionGeometry g = Geometry;
            PaddedLines lines = new(g);
            int image = step / _stepsPerImage, firstLine = step % _stepsPerImage * _linesPerStep;
            int count = Math.Min(_linesPerStep, g.OutputHeight - firstLine);
            float* padded = scratch.Reserve<float>(5, lines.Length(count) + Lanes.Width);
            lines.Copy(Input + ((nint)image * g.InputHeight * g.InputWidth * g.InputChannels), firstLine, count, padded);
            float* cotangent = OutputCotangent + ((((nint)image * g.OutputHeight) + firstLine) * g.OutputWidth * g.OutputChannels);
            for (int i = 0; i < count; i++, padded += lines.LineStep)
            {
                for (int j = 0; j < g.OutputWidth; j++, pixels++, cotangent += g.OutputChannels)
                {
                    *pixels = new Pixel { Image = padded + ((nint)j * lines.Step), Cotangent = cotangent };
                }
            }
            return count * g.OutputWidth;
        }

        /// <summary>
        /// gathered[pixel, row − firstRow] from padded lines. Whole vectors are copied: what a run has too many, the next one overwrites.
        /// </summary>
        private readonly void GatherRuns(int firstRow, int rows, Pixel* pixels, int count, float* gathered, int stride)
        {
            int run = Geometry.KernelWidth * Geometry.InputChannels, pitch = new PaddedLines(Geometry).Pitch;
            for (int row = firstRow; row < firstRow + rows;)
            {
                int first = row % run, length = Math.Min(run - first, firstRow + rows - row);
                nint at = ((nint)(row / run) * pitch) + first;
                float* to = gathered + (row - firstRow);
                for (int l = 0; l < count; l++, to += stride)
                {
                    float* from = pixels[l].Image + at;
                    for (int i = 0; i < length; i += Lanes.Width)
                    {
                        Vector256.Load(from + i).Store(to + i);
                    }
                }
                row += length;
            }
        }

        private readonly int Locate(int first, Pixel* pixels)
        {
            ConvolutionGeometry g = Geometry;
            int count = Math.Min(PixelsPerStep, _order.Count - first);
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
            return count;
        }

        /// <summary>gathered[pixel, row − firstRow] = what the pixel's tap and channel of that row meet; says whether any is not padding.</summary>
        private readonly bool GatherRows(int firstRow, int rows, Pixel* pixels, int count, float* gathered, int stride, bool* live)
        {
            ConvolutionGeometry g = Geometry;
            int channels = g.InputChannels, kernelRow = g.KernelWidth * channels;
            nint inputRow = (nint)g.InputWidth * channels;
            bool anyLive = false;
            for (int row = firstRow; row < firstRow + rows;)
            {
                // The taps of one row of the kernel lie side by side in the image too.
                int tapRow = row / kernelRow, first = row % kernelRow, end = Math.Min(kernelRow, first + firstRow + rows - row);
                int liveFirst = end, liveEnd = first;
                float* to = gathered + (row - firstRow);
                for (int l = 0; l < count; l++, to += stride)
                {
                    int y = pixels[l].Top + tapRow, insideFirst = 0, insideEnd = 0;
                    if ((uint)y < (uint)g.InputHeight)
                    {
                        (insideFirst, insideEnd) = g.TapsInside(pixels[l].Left);
                        insideFirst = Math.Clamp(insideFirst * channels, first, end);
                        insideEnd = Math.Clamp(insideEnd * channels, insideFirst, end);
                    }
                    if (insideFirst < insideEnd)
                    {
                        liveFirst = Math.Min(liveFirst, insideFirst);
                        liveEnd = Math.Max(liveEnd, insideEnd);
                    }
                    CopyRun(pixels[l].Image + (y * inputRow) + ((nint)pixels[l].Left * channels), to, first, end, insideFirst, insideEnd);
                }
                int tile = (row - firstRow + liveFirst - first) / Kernels.Rows;
                for (; tile * Kernels.Rows < row - firstRow + liveEnd - first; tile++)
                {
                    live[tile] = anyLive = true;
                }
                row += end - first;
            }
            return anyLive;
        }

        private readonly void PackPanel(Pixel* pixels, int count, int column, int columns, float* packed)
        {
            int width = Kernels.PanelWidth;
            for (int l = 0; l < count; l++, packed += width)
            {
                Lanes.Copy(pixels[l].Cotangent + column, packed, columns);
                if (columns < width)
                {
                    new Span<float>(packed + columns, width - columns).Clear();
                }
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
