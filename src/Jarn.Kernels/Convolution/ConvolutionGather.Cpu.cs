using System.Runtime.CompilerServices;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>
    /// Forward pass and input gradient: pixels of the destination in tiles of a few, tiles in blocks, each block with its table of
    /// pointers; a panel of the filter stays in cache while the tiles of a block pass by. Destinations of one residue modulo
    /// the stride (one in all, forward) share their taps, and a tap that is padding for a whole tile is left out.
    /// </summary>
    private struct GatherJob : IBlockJob
    {
        private const int MaximumTiles = 32;
        private const int MinimumTiles = 4;
        private const int DesiredBlocks = 32;

        public MatrixKernels Kernels;
        public ConvolutionGeometry Geometry;
        public bool Backward;
        public float* Source, Zeros, Panels, Destination;
        public nint PanelLength;
        private int _tiles, _blocksPerResidue, _panels, _panelGroups;

        public readonly int Blocks => ResidueCount * _blocksPerResidue * _panelGroups;

        private readonly int ResidueCount => Backward ? VerticalResidues * HorizontalResidues : 1;

        // A residue beyond the map's extent has no pixels.
        private readonly int VerticalResidues => Math.Min(Geometry.StrideHeight, Geometry.InputHeight);

        private readonly int HorizontalResidues => Math.Min(Geometry.StrideWidth, Geometry.InputWidth);

        private readonly int Depth => Backward ? Geometry.OutputChannels : Geometry.InputChannels;

        private readonly int Columns => Backward ? Geometry.InputChannels : Geometry.OutputChannels;

        private readonly int SourceHeight => Backward ? Geometry.OutputHeight : Geometry.InputHeight;

        private readonly int SourceWidth => Backward ? Geometry.OutputWidth : Geometry.InputWidth;

        private readonly int DestinationHeight => Backward ? Geometry.InputHeight : Geometry.OutputHeight;

        private readonly int DestinationWidth => Backward ? Geometry.InputWidth : Geometry.OutputWidth;

        /// <summary>Settles the division into blocks, from the shape alone. Residue 0 has the most pixels.</summary>
        public void Divide()
        {
            (TapAxis vertical, TapAxis horizontal) = Axes(0);
            int tiles = Kernels.Tiles(Geometry.Batch * vertical.Count * horizontal.Count);
            _panels = Kernels.Panels(Columns);
            _tiles = Math.Clamp(tiles / DesiredBlocks, MinimumTiles, MaximumTiles);
            _blocksPerResidue = CpuDevice.Blocks(tiles, _tiles);
            _panelGroups = Math.Clamp(DesiredBlocks / (_blocksPerResidue * ResidueCount), 1, _panels);
        }

        public readonly void Execute(int block, Scratch scratch)
        {
            (int unit, int group) = (block / _panelGroups, block % _panelGroups);
            (int residue, int tileBlock) = (unit / _blocksPerResidue, unit % _blocksPerResidue);
            (TapAxis vertical, TapAxis horizontal) = Axes(residue);
            PixelOrder order = PixelOrder.For(Geometry.Batch, vertical, horizontal, Kernels.Rows);
            int firstTile = tileBlock * _tiles, tiles = Math.Min(_tiles, Kernels.Tiles(order.Count) - firstTile);
            if (tiles <= 0)
            {
                return;
            }
            int rows = Kernels.Rows, width = Kernels.PanelWidth, taps = vertical.Taps * horizontal.Taps;
            float** sources = scratch.ReservePointers(0, (nint)tiles * taps * rows);
            float** outputs = scratch.ReservePointers(1, (nint)tiles * rows);
            int* segments = scratch.Reserve<int>(2, (nint)tiles * taps);
            int* counts = scratch.Reserve<int>(3, tiles);
            float* surplus = scratch.Reserve<float>(4, Columns + width);
            float** edge = EdgeRows(Kernels, scratch, 5, 6);
            for (int tile = 0; tile < tiles; tile++)
            {
                counts[tile] = Locate(
                    order, vertical, horizontal, (firstTile + tile) * rows, surplus,
                    sources + (tile * taps * rows), segments + (tile * taps), outputs + (tile * rows));
            }
            int lastPanel = (group + 1) * _panels / _panelGroups;
            for (int panel = group * _panels / _panelGroups; panel < lastPanel; panel++)
            {
                int column = panel * width;
                float* weights = Panels + (panel * PanelLength);
                for (int tile = 0; tile < tiles; tile++)
                {
                    MultiplyTile(
                        Kernels, sources + (tile * taps * rows), segments + (tile * taps), counts[tile], Depth, weights, outputs + (tile * rows),
                        column, Columns, edge);
                }
            }
        }

        private readonly (TapAxis Vertical, TapAxis Horizontal) Axes(int residue)
        {
            ConvolutionGeometry g = Geometry;
            if (!Backward)
            {
                return (TapAxis.Forward(g.OutputHeight, g.KernelHeight, g.StrideHeight, g.PadTop, g.InputHeight),
                    TapAxis.Forward(g.OutputWidth, g.KernelWidth, g.StrideWidth, g.PadLeft, g.InputWidth));
            }
            (int top, int left) = (residue / HorizontalResidues, residue % HorizontalResidues);
            return (TapAxis.Backward(g.InputHeight, g.KernelHeight, g.StrideHeight, g.PadTop, g.OutputHeight, top),
                TapAxis.Backward(g.InputWidth, g.KernelWidth, g.StrideWidth, g.PadLeft, g.OutputWidth, left));
        }

        /// <summary>
        /// Fills one tile's part of the tables and returns how many taps it has. Rows beyond the last pixel read zeros and write a surplus row.
        /// </summary>
        [SkipLocalsInit]
        private readonly int Locate(
            PixelOrder order, TapAxis vertical, TapAxis horizontal, int firstPixel, float* surplus,
            float** sources, int* segments, float** outputs)
        {
            int rows = Kernels.Rows, valid = Math.Min(rows, order.Count - firstPixel);
            int* tops = stackalloc int[rows];
            int* lefts = stackalloc int[rows];
            float** images = stackalloc float*[rows];
            for (int row = 0; row < rows; row++)
            {
                if (row >= valid)
                {
                    outputs[row] = surplus;
                    continue;
                }
                (int image, int i, int j) = order[firstPixel + row];
                tops[row] = vertical.Offset + (i * vertical.Advance);
                lefts[row] = horizontal.Offset + (j * horizontal.Advance);
                images[row] = Source + ((nint)image * SourceHeight * SourceWidth * Depth);
                nint at = (((nint)image * DestinationHeight) + vertical.First + (i * vertical.Step)) * DestinationWidth;
                outputs[row] = Destination + ((at + horizontal.First + (j * horizontal.Step)) * Columns);
            }
            int count = 0;
            for (int v = 0; v < vertical.Taps; v++)
            {
                for (int h = 0; h < horizontal.Taps; h++)
                {
                    bool any = false;
                    for (int row = 0; row < rows; row++)
                    {
                        sources[row] = Zeros;
                        if (row < valid)
                        {
                            int y = tops[row] + (v * vertical.OffsetStep), x = lefts[row] + (h * horizontal.OffsetStep);
                            if ((uint)y < (uint)SourceHeight && (uint)x < (uint)SourceWidth)
                            {
                                sources[row] = images[row] + ((((nint)y * SourceWidth) + x) * Depth);
                                any = true;
                            }
                        }
                    }
                    if (any)
                    {
                        int tapRow = vertical.FirstTap + (v * vertical.TapStep), tapColumn = horizontal.FirstTap + (h * horizontal.TapStep);
                        int tap = (tapRow * Geometry.KernelWidth) + tapColumn;
                        segments[count++] = Backward ? (Geometry.KernelHeight * Geometry.KernelWidth) - 1 - tap : tap;
                        sources += rows;
                    }
                }
            }
            return count;
        }
    }

    /// <summary>to[0…] = from[at], at = first … end−1, but zero where at lies outside [insideFirst, insideEnd).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRun(float* from, float* to, int first, int end, int insideFirst, int insideEnd)
    {
        if (insideFirst <= first && end <= insideEnd)
        {
            Lanes.Copy(from + first, to, end - first);
            return;
        }
        int length = end - first;
        insideFirst = Math.Clamp(insideFirst - first, 0, length);
        insideEnd = Math.Clamp(insideEnd - first, insideFirst, length);
        new Span<float>(to, insideFirst).Clear();
        Lanes.Copy(from + first + insideFirst, to + insideFirst, insideEnd - insideFirst);
        new Span<float>(to + insideEnd, length - insideEnd).Clear();
    }
}
