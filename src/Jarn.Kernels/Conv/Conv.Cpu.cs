namespace Jarn.Kernels;

/// <remarks>
/// Convolution is a matrix product whose left factor is never built: a table of pointers says where each tap of each pixel finds its
/// channels (indirect GEMM: Dukhan, "The indirect convolution algorithm", 2019), and padding is a pointer to a row of zeros.
/// </remarks>
public sealed unsafe partial class CpuDevice
{
    public void Convolution(DeviceBuffer input, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer output)
    {
        geometry.Check(input, filter, output);
        ConvGeometry g = geometry;
        GatherConvolution(g, Pointer(input), Pointer(filter), Pointer(output), backward: false);
    }

    public void ConvolutionInputGradient(DeviceBuffer outputCotangent, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer inputCotangent)
    {
        geometry.Check(inputCotangent, filter, outputCotangent);
        ConvGeometry g = geometry;
        float* y = Pointer(outputCotangent), w = Pointer(filter), x = Pointer(inputCotangent);
        // Few channels would fill a panel badly; all taps' channels side by side fill it well.
        if (2 * g.InputChannels <= _kernels.PanelWidth && g.KernelHeight * g.KernelWidth > 1)
        {
            ScatterInputGradient(g, y, w, x);
        }
        else
        {
            GatherConvolution(g, y, w, x, backward: true);
        }
    }

    public void ConvolutionFilterGradient(DeviceBuffer input, DeviceBuffer outputCotangent, ConvGeometry geometry, DeviceBuffer filterCotangent)
    {
        geometry.Check(input, filterCotangent, outputCotangent);
        FilterGradient(geometry, Pointer(input), Pointer(outputCotangent), Pointer(filterCotangent));
    }

    private void GatherConvolution(ConvGeometry g, float* source, float* filter, float* destination, bool backward)
    {
        int depth = backward ? g.OutputChannels : g.InputChannels, columns = backward ? g.InputChannels : g.OutputChannels;
        int taps = g.KernelHeight * g.KernelWidth;
        nint panelLength = (nint)taps * depth * _kernels.PanelWidth;
        float* panels = _workspace.Reserve<float>(Slot.Panels, panelLength * _kernels.Panels(columns));
        Pack(g, filter, backward, panels, panelLength);
        GatherJob job = new()
        {
            Kernels = _kernels,
            Geometry = g,
            Backward = backward,
            Source = source,
            Zeros = Zeros(depth),
            Panels = panels,
            PanelLength = panelLength,
            Destination = destination,
        };
        job.Divide();
        _workers.Run(job, job.Blocks);
    }

    /// <summary>The filter as panels of columns: [panel][tap][depth][column], of each tap the matrix itself or, backward, its transpose.</summary>
    private void Pack(ConvGeometry g, float* filter, bool backward, float* panels, nint panelLength)
    {
        TapAxis vertical = TapAxis.Forward(g.OutputHeight, g.KernelHeight, g.StrideHeight, g.PadTop, g.InputHeight);
        TapAxis horizontal = TapAxis.Forward(g.OutputWidth, g.KernelWidth, g.StrideWidth, g.PadLeft, g.InputWidth);
        int taps = g.KernelHeight * g.KernelWidth;
        PackJob job = new()
        {
            Vertical = vertical,
            Horizontal = horizontal,
            Depth = backward ? g.OutputChannels : g.InputChannels,
            Columns = backward ? g.InputChannels : g.OutputChannels,
            Width = _kernels.PanelWidth,
            Transposed = backward,
            Filter = filter,
            Panels = panels,
            PanelLength = panelLength,
            TapsPerBlock = Math.Max(1, ElementsPerBlock / (g.InputChannels * g.OutputChannels)),
        };
        _workers.Run(job, Blocks(taps, job.TapsPerBlock));
    }

    /// <summary>The row that stands for padding.</summary>
    private float* Zeros(int length)
    {
        float* zeros = _workspace.Reserve<float>(Slot.Zeros, length);
        new Span<float>(zeros, length).Clear();
        return zeros;
    }

    private struct PackJob : IBlockJob
    {
        public TapAxis Vertical, Horizontal;
        public int Depth, Columns, Width, TapsPerBlock;
        public bool Transposed;
        public float* Filter, Panels;
        public nint PanelLength;

        public readonly void Execute(int block, Scratch scratch)
        {
            int last = Math.Min((block + 1) * TapsPerBlock, Vertical.Taps * Horizontal.Taps);
            for (int tap = block * TapsPerBlock; tap < last; tap++)
            {
                // A tap that meets nothing but padding is never read.
                if (!Vertical.Reaches(tap / Horizontal.Taps) || !Horizontal.Reaches(tap % Horizontal.Taps))
                {
                    continue;
                }
                float* matrix = Filter + ((nint)tap * Depth * Columns);
                float* panel = Panels + ((nint)tap * Depth * Width);
                for (int column = 0; column < Columns; column += Width, panel += PanelLength)
                {
                    int width = Math.Min(Width, Columns - column);
                    if (Transposed)
                    {
                        PackTransposed(matrix + ((nint)column * Depth), width, panel);
                    }
                    else
                    {
                        PackRows(matrix + column, width, panel);
                    }
                }
            }
        }

        private readonly void PackRows(float* matrix, int width, float* panel)
        {
            for (int l = 0; l < Depth; l++, matrix += Columns, panel += Width)
            {
                Lanes.Copy(matrix, panel, width);
                new Span<float>(panel + width, Width - width).Clear();
            }
        }

        private readonly void PackTransposed(float* matrix, int width, float* panel)
        {
            for (int l = 0; l < Depth; l++, panel += Width)
            {
                for (int column = 0; column < width; column++)
                {
                    panel[column] = matrix[((nint)column * Depth) + l];
                }
                new Span<float>(panel + width, Width - width).Clear();
            }
        }
    }
}
