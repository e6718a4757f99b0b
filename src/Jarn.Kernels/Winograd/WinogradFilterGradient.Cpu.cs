namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal bool UsesWinogradForFilterGradient(ConvolutionGeometry g) =>
        WinogradRule.AppliesToFilterGradient(Winograd, g, TransformsFor(g).Outputs, TransformsFor(g).Taps);

    private void WinogradFilterGradient(ConvolutionGeometry g, float* input, float* outputCotangent, float* filterCotangent)
    {
        WinogradKernels transforms = TransformsFor(g);
        WinogradPlan plan = WinogradPlan.For(g, backward: false, transforms.Outputs, transforms.Taps);
        float* zeros = Zeros(Math.Max(g.InputChannels, g.OutputChannels));
        WinogradFilterGradientJob job = new()
        {
            Kernels = _kernels,
            Transforms = transforms,
            Plan = plan,
            Input = TransformedTiles.OfSource(plan, transforms, input, zeros),
            OutputCotangent = TransformedTiles.OfResultCotangent(plan, transforms, outputCotangent, zeros),
            FilterCotangent = filterCotangent,
        };
        int chunk = job.TilesPerChunk;
        job.Tiles = chunk;
        job.TransformedInput = _workspace.Reserve<float>(Slot.Winograd, job.TransformedLength);
        job.Sums = _workspace.Reserve<float>(Slot.WinogradSums, job.SumsLength);
        for (; job.FirstTile < plan.Tiles; job.FirstTile += chunk)
        {
            job.Tiles = Math.Min(chunk, plan.Tiles - job.FirstTile);
            job.Stage = FilterGradientStage.Tiles;
            _workers.Run(job, job.TileBlocks);
            job.Stage = FilterGradientStage.Products;
            _workers.Run(job, job.ProductBlocks);
        }
        job.Stage = FilterGradientStage.Filter;
        _workers.Run(job, job.FilterBlocks);
    }

    private enum FilterGradientStage
    {
        Tiles,
        Products,
        Filter,
    }

    /// <summary>
    /// ḡ = Gᵀ·(Σ (Bᵀ·x·B) ⊙ (A·ȳ·Aᵀ))·G, summed over the tiles. At each frequency the sum is a product, [phase and channel, tile]·[tile, out]:
    /// of a chunk of tiles, all threads transform x and ȳ to [frequency][tile][channel] and then add to the sums, where a block is a
    /// panel of one frequency's columns. So each sum is one thread's, in the tiles' order, and the filter is transformed once, at the end.
    /// </summary>
    private struct WinogradFilterGradientJob : IBlockJob
    {
        private const int TilesPerBlock = 8, ChannelsPerBlock = 16;

        /// <summary>
        /// A chunk's transforms, in 4 MB, but not so few tiles that the sums are loaded and stored too often, nor more than let two columns of lines
        /// fit in L1.
        /// </summary>
        private const int ChunkFloats = 1 << 20, LeastTiles = 96, MostTiles = 192;

        /// <summary>Floats of a cache line.</summary>
        private const int Line = 16;

        public MatrixKernels Kernels;
        public WinogradKernels Transforms;
        public WinogradPlan Plan;
        public FilterGradientStage Stage;
        public TransformedTiles Input, OutputCotangent;
        public float* TransformedInput, Sums, FilterCotangent;

        /// <summary>The tiles of the current chunk.</summary>
        public int FirstTile, Tiles;

        /// <summary>The fewest chunks that fit, all of a size.</summary>
        public readonly int TilesPerChunk
        {
            get
            {
                int fitting = Math.Clamp((int)(ChunkFloats / (Transforms.Frequencies * (InputPitch + CotangentPitch))), LeastTiles, MostTiles);
                return CpuDevice.Blocks(Plan.Tiles, CpuDevice.Blocks(Plan.Tiles, fitting));
            }
        }

        public readonly nint TransformedLength => Transforms.Frequencies * (InputStride + CotangentStride);

        public readonly nint SumsLength => Transforms.Frequencies * SumsStride;

        public readonly int TileBlocks => CpuDevice.Blocks(Tiles, TilesPerBlock);

        public readonly int ProductBlocks => Transforms.Frequencies * Panels;

        public readonly int FilterBlocks => Panels * Plan.SourcePhases * ChannelBlocks;

        private readonly int ChannelBlocks => CpuDevice.Blocks(Plan.SourceChannels, ChannelsPerBlock);

        private readonly int Panels => Kernels.Panels(Plan.ResultChannels);

        private readonly int RowTiles => Kernels.Tiles(Plan.Depth(Transforms.Width));

        /// <summary>The floats of a panel of sums.</summary>
        private readonly nint PanelLength => (nint)RowTiles * Kernels.Rows * Kernels.PanelWidth;

        private readonly nint InputPitch => Pitch(Plan.Depth(Transforms.Width));

        private readonly nint CotangentPitch => Pitch(Plan.ResultChannels);

        private readonly nint InputStride => (Tiles * InputPitch) + WinogradJob.Skew;

        private readonly nint CotangentStride => (Tiles * CotangentPitch) + WinogradJob.Skew;

        private readonly nint SumsStride => (Panels * PanelLength) + WinogradJob.Skew;

        private readonly float* TransformedCotangent => TransformedInput + (Transforms.Frequencies * InputStride);

        public readonly void Execute(int block, Scratch scratch)
        {
            switch (Stage)
            {
                case FilterGradientStage.Tiles:
                    TransformTiles(block, scratch);
                    break;
                case FilterGradientStage.Products:
                    AddProducts(block);
                    break;
                default:
                    TransformSums(block, scratch);
                    break;
            }
        }

        /// <summary>The distance from a tile to the next: an odd number of lines, so that a column of tiles uses all sets of a cache.</summary>
        private static nint Pitch(int floats) => (CpuDevice.Blocks(floats, Line) | 1) * Line;

        private readonly void TransformTiles(int block, Scratch scratch)
        {
            int end = Math.Min(Tiles, (block + 1) * TilesPerBlock);
            for (int tile = block * TilesPerBlock; tile < end; tile++)
            {
                Input.Transform(FirstTile + tile, TransformedInput + (tile * InputPitch), InputStride, scratch);
                OutputCotangent.Transform(FirstTile + tile, TransformedCotangent + (tile * CotangentPitch), CotangentStride, scratch);
            }
        }

        private readonly void AddProducts(int block)
        {
            (int frequency, int panel) = Math.DivRem(block, Panels);
            int rows = Kernels.Rows, width = Kernels.PanelWidth;
            float* sums = Sums + (frequency * SumsStride) + (panel * PanelLength);
            if (FirstTile == 0)
            {
                new Span<float>(sums, (int)PanelLength).Clear();
            }
            // Rows and columns beyond the last are sums that nobody reads, of what stands there: the next tile or, after the last, the skew.
            float* left = TransformedInput + (frequency * InputStride);
            float* right = TransformedCotangent + (frequency * CotangentStride) + (panel * width);
            for (int rowTile = 0; rowTile < RowTiles; rowTile++)
            {
                Kernels.OuterProducts(left + (rowTile * rows), (int)InputPitch, right, (int)CotangentPitch, Tiles, sums + (rowTile * rows * width));
            }
        }

        /// <summary>Some channels of a phase, and the columns of a panel.</summary>
        private readonly void TransformSums(int block, Scratch scratch)
        {
            (int panel, int remainder) = Math.DivRem(block, Plan.SourcePhases * ChannelBlocks);
            (int phase, int channelBlock) = Math.DivRem(remainder, ChannelBlocks);
            int width = Kernels.PanelWidth, taps = Transforms.Taps, column = panel * width, columns = Math.Min(width, Plan.ResultChannels - column);
            int first = channelBlock * ChannelsPerBlock, channels = Math.Min(ChannelsPerBlock, Plan.SourceChannels - first);
            int sheetLength = channels * width;
            float* sheets = scratch.Reserve<float>(0, taps * taps * sheetLength);
            float* workspace = scratch.Reserve<float>(4, Transforms.Frequencies * Transforms.Width);
            nint row = ((nint)phase * Plan.PaddedChannels(Transforms.Width)) + first;
            Transforms.FilterCotangent(
                Sums + (panel * PanelLength) + (row * width), SumsStride, sheetLength / Transforms.Width, workspace, sheets, sheetLength);
            for (int tap = 0; tap < taps * taps; tap++)
            {
                nint matrix = (nint)Plan.KernelPosition(taps, tap / taps, tap % taps, phase) * Plan.SourceChannels;
                for (int channel = 0; channel < channels; channel++)
                {
                    Lanes.Copy(
                        sheets + (tap * sheetLength) + (channel * width),
                        FilterCotangent + ((matrix + first + channel) * Plan.ResultChannels) + column, columns);
                }
            }
        }
    }
}
