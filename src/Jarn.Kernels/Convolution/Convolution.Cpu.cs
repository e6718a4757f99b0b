namespace Jarn.Kernels;

/// <remarks>
/// Convolution is a matrix product whose left factor is never built: a table of pointers says where each tap of each pixel finds its
/// channels (indirect GEMM: Dukhan, "The indirect convolution algorithm", 2019), and padding is a pointer to a row of zeros.
/// </remarks>
public sealed unsafe partial class CpuDevice
{
    internal void Convolution(in ConvolutionCall call)
    {
        (DeviceBuffer input, DeviceBuffer filter, ConvolutionGeometry geometry, DeviceBuffer output) = call;
        float* x = Read(input), y = Write(output);
        if (TryWinograd(geometry, x, filter, y, backward: false))
        {
            return;
        }
        if (Slides(geometry))
        {
            SlidingConvolution(geometry, x, filter, geometry, y, turned: false);
        }
        else
        {
            GatherConvolution(geometry, x, filter, y, backward: false);
        }
    }

    internal void ConvolutionInputGradient(in ConvolutionInputGradientCall call)
    {
        (DeviceBuffer outputCotangent, DeviceBuffer filter, ConvolutionGeometry geometry, DeviceBuffer inputCotangent) = call;
        float* y = Read(outputCotangent), x = Write(inputCotangent);
        if (TryWinograd(geometry, y, filter, x, backward: true))
        {
            return;
        }
        // Few channels would fill a panel badly; all taps' channels side by side fill it well.
        if (2 * geometry.InputChannels <= _kernels.PanelWidth && geometry.KernelHeight * geometry.KernelWidth > 1)
        {
            ScatterInputGradient(geometry, y, filter, x);
        }
        else if (geometry is { StrideHeight: 1, StrideWidth: 1 } && Slides(Turned(geometry)))
        {
            SlidingConvolution(Turned(geometry), y, filter, geometry, x, turned: true);
        }
        else
        {
            GatherConvolution(geometry, y, filter, x, backward: true);
        }
    }

    internal void ConvolutionFilterGradient(in ConvolutionFilterGradientCall call)
    {
        (DeviceBuffer input, DeviceBuffer outputCotangent, ConvolutionGeometry geometry, DeviceBuffer filterCotangent) = call;
        float* x = Read(input), y = Read(outputCotangent), w = Write(filterCotangent);
        if (UsesWinogradForFilterGradient(geometry))
        {
            WinogradFilterGradient(geometry, x, y, w);
        }
        else
        {
            FilterGradient(geometry, x, y, w);
        }
    }

    private void GatherConvolution(ConvolutionGeometry g, float* source, DeviceBuffer filter, float* destination, bool backward)
    {
        GatherJob job = new()
        {
            Kernels = _kernels,
            Geometry = g,
            Backward = backward,
            Source = source,
            Zeros = Zeros(backward ? g.OutputChannels : g.InputChannels),
            Destination = destination,
        };
        job.Panels = Panels(g, filter, backward, everyTap: false, out job.PanelLength);
        job.Divide();
        _workers.Run(job, job.Blocks);
    }

    /// <summary>
    /// The filter as panels of columns: [panel][tap][depth][column], of each tap the matrix itself. Backward it is turned: the taps in
    /// reverse and of each the matrix's transpose.
    /// </summary>
    private float* Panels(ConvolutionGeometry g, DeviceBuffer filter, bool backward, bool everyTap, out nint panelLength)
    {
        int depth = backward ? g.OutputChannels : g.InputChannels, columns = backward ? g.InputChannels : g.OutputChannels;
        int taps = g.KernelHeight * g.KernelWidth;
        panelLength = (nint)taps * depth * _kernels.PanelWidth;
        float* panels = Packed(
            filter, g, backward ? FilterForm.InputGradient : FilterForm.Forward, panelLength * _kernels.Panels(columns), out bool isCurrent);
        if (!isCurrent)
        {
            PackJob job = new()
            {
                Vertical = TapAxis.Forward(g.OutputHeight, g.KernelHeight, g.StrideHeight, g.PadTop, g.InputHeight),
                Horizontal = TapAxis.Forward(g.OutputWidth, g.KernelWidth, g.StrideWidth, g.PadLeft, g.InputWidth),
                Depth = depth,
                Columns = columns,
                Width = _kernels.PanelWidth,
                Turned = backward,
                EveryTap = everyTap,
                Filter = Read(filter),
                Panels = panels,
                PanelLength = panelLength,
                RowsPerBlock = Math.Max(PackJob.RowsPerLine, ElementsPerBlock / columns),
            };
            _workers.Run(job, Blocks(taps * depth, job.RowsPerBlock));
        }
        return panels;
    }

    /// <summary>
    /// One tile of the destination by one panel. The last panel's columns may reach beyond the destination's; the tile then goes by way of edge.
    /// </summary>
    private static void MultiplyTile(
        in MatrixKernels kernels, float** sources, int* segments, int count, int depth, float* panel, float** outputs, int column, int columns,
        float** edge)
    {
        if (column + kernels.PanelWidth <= columns)
        {
            kernels.Gather(sources, segments, count, depth, panel, outputs, column);
            return;
        }
        kernels.Gather(sources, segments, count, depth, panel, edge, 0);
        for (int row = 0; row < kernels.Rows; row++)
        {
            Lanes.Copy(edge[row], outputs[row] + column, columns - column);
        }
    }

    /// <summary>The rows of a tile of its own, in two of a thread's slots.</summary>
    private static float** EdgeRows(in MatrixKernels kernels, Scratch scratch, int tableSlot, int tileSlot)
    {
        float** table = scratch.ReservePointers(tableSlot, kernels.Rows);
        float* tile = scratch.Reserve<float>(tileSlot, kernels.Rows * kernels.PanelWidth);
        for (int row = 0; row < kernels.Rows; row++)
        {
            table[row] = tile + (row * kernels.PanelWidth);
        }
        return table;
    }

    /// <summary>The row that stands for padding.</summary>
    private float* Zeros(int length)
    {
        float* zeros = _workspace.Reserve<float>(Slot.Zeros, length);
        new Span<float>(zeros, length).Clear();
        return zeros;
    }

    /// <summary>A block is a range of the panels' rows, which are the pairs of a tap and a number of the depth.</summary>
    private struct PackJob : IBlockJob
    {
        /// <summary>Numbers that a cache line holds: as many of a column are taken at a time.</summary>
        public const int RowsPerLine = 16;

        public TapAxis Vertical, Horizontal;
        public int Depth, Columns, Width, RowsPerBlock;
        public bool Turned, EveryTap;
        public float* Filter, Panels;
        public nint PanelLength;

        public readonly void Execute(int block, Scratch scratch)
        {
            int taps = Vertical.Taps * Horizontal.Taps, last = Math.Min((block + 1) * RowsPerBlock, taps * Depth);
            for (int row = block * RowsPerBlock; row < last;)
            {
                int position = row / Depth, rows = Math.Min(last, (position + 1) * Depth) - row;
                int tap = Turned ? taps - 1 - position : position;
                // A tap that meets nothing but padding is not read, unless the padding's zeros are multiplied: those must not meet undefined memory.
                if (EveryTap || (Vertical.Reaches(tap / Horizontal.Taps) && Horizontal.Reaches(tap % Horizontal.Taps)))
                {
                    PackTap(tap, row % Depth, rows, Panels + ((nint)row * Width));
                }
                row += rows;
            }
        }

        private readonly void PackTap(int tap, int first, int rows, float* panel)
        {
            float* matrix = Filter + ((nint)tap * Depth * Columns);
            for (int column = 0; column < Columns; column += Width, panel += PanelLength)
            {
                int width = Math.Min(Width, Columns - column);
                if (width < Width)
                {
                    new Span<float>(panel, rows * Width).Clear();
                }
                if (Turned)
                {
                    PackTransposed(matrix + ((nint)column * Depth) + first, rows, width, panel);
                }
                else
                {
                    float* from = matrix + ((nint)first * Columns) + column;
                    for (int l = 0; l < rows; l++)
                    {
                        Lanes.Copy(from + ((nint)l * Columns), panel + (l * Width), width);
                    }
                }
            }
        }

        private readonly void PackTransposed(float* columns, int rows, int width, float* panel)
        {
            for (int line = 0; line < rows; line += RowsPerLine)
            {
                int last = Math.Min(line + RowsPerLine, rows);
                for (int column = 0; column < width; column++)
                {
                    float* from = columns + ((nint)column * Depth);
                    for (int l = line; l < last; l++)
                    {
                        panel[(l * Width) + column] = from[l];
                    }
                }
            }
        }
    }
}
