namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>Computes the convolution, or its input gradient, if the rule has it computed so.</summary>
    private bool TryWinograd(ConvolutionGeometry g, float* source, DeviceBuffer filter, float* result, bool backward)
    {
        if (!UsesWinograd(g, backward))
        {
            return false;
        }
        WinogradKernels transforms = TransformsFor(g);
        WinogradPlan plan = WinogradPlan.For(g, backward, transforms.Outputs, transforms.Taps);
        WinogradJob job = new()
        {
            Kernels = _kernels,
            Transforms = transforms,
            Plan = plan,
            Source = TransformedTiles.OfSource(plan, transforms, source, Zeros(plan.PaddedChannels(transforms.Width))),
            Filter = TransformedFilter(g, filter, plan, transforms),
            Result = result,
        };
        if (job.IsShared)
        {
            RunShared(job);
        }
        else
        {
            _workers.Run(job, job.TileBlocks);
        }
        return true;
    }

    internal bool UsesWinograd(ConvolutionGeometry g, bool backward) =>
        WinogradRule.Applies(Winograd, g, backward, TransformsFor(g).Outputs, TransformsFor(g).Taps);

    /// <summary>3×3 in steps of 1, or four times 2×2 in steps of 2.</summary>
    private WinogradKernels TransformsFor(ConvolutionGeometry g) => g.StrideHeight == 1 ? _fourByThree : _fourByTwo;

    private void RunShared(WinogradJob job)
    {
        int chunk = job.BlocksPerChunk;
        job.Shared = _workspace.Reserve<float>(Slot.Winograd, chunk * job.TransformedLength);
        for (; job.FirstBlock < job.TileBlocks; job.FirstBlock += chunk)
        {
            job.ChunkBlocks = Math.Min(chunk, job.TileBlocks - job.FirstBlock);
            job.Stage = WinogradStage.Source;
            _workers.Run(job, job.ChunkBlocks);
            job.Stage = WinogradStage.Products;
            _workers.Run(job, job.ChunkBlocks * job.PanelGroups);
        }
    }

    private enum WinogradStage
    {
        Both,
        Source,
        Products,
    }

    /// <summary>
    /// Some tiles at a time, and at each frequency an ordinary product: their transform V, [frequency][tile][phase and channel], times the filter's
    /// is M, [frequency][tile][column], for the columns of a few panels, whose transform is the result. While V of a block of tiles
    /// fits in a core's cache, the thread that made it goes on with it. Else the threads share V, and a block of the second stage is some tiles and
    /// some panels: a filter that large comes from memory once, and few tiles still occupy all threads.
    /// </summary>
    private struct WinogradJob : IBlockJob
    {
        private const int TilesPerBlock = 12, ColumnsPerGroup = 64, FewBlocks = 4;

        /// <summary>
        /// V where each thread has its own, 512 KB. Sharing lost a quarter at 160 channels, changed nothing at 320, and won at 640.
        /// </summary>
        private const nint OwnFloats = 128 << 10;

        /// <summary>V of all tiles at work where the threads share it, 16 MB.</summary>
        private const nint SharedFloats = 4 << 20;

        /// <summary>Floats between frequencies beyond their data, lest all fall into the same few lines of the cache.</summary>
        public const int Skew = 16;

        public MatrixKernels Kernels;
        public WinogradKernels Transforms;
        public WinogradPlan Plan;
        public WinogradStage Stage;
        public int FirstBlock, ChunkBlocks;
        public TransformedTiles Source;
        public float* Filter, Shared, Result;

        public readonly bool IsShared => TransformedLength > OwnFloats || (TileBlocks < FewBlocks && PanelGroups > 1);

        /// <summary>Blocks of tiles that are at work at a time, where the threads share V.</summary>
        public readonly int BlocksPerChunk => Math.Clamp((int)(SharedFloats / TransformedLength), 1, TileBlocks);

        public readonly int TileBlocks => CpuDevice.Blocks(Plan.Tiles, TilesPerBlock);

        /// <summary>The panels of each phase of the result form groups, M's width.</summary>
        public readonly int PanelGroups => Plan.ResultPhases * GroupsPerPhase;

        /// <summary>Floats that V takes for a block of tiles.</summary>
        public readonly nint TransformedLength => Transforms.Frequencies * TransformedStride;

        private readonly nint TransformedStride => (TilesPerBlock * (nint)Depth) + Skew;

        private readonly int PanelsPerGroup => Math.Max(1, ColumnsPerGroup / Kernels.PanelWidth);

        private readonly int GroupWidth => PanelsPerGroup * Kernels.PanelWidth;

        private readonly nint ProductStride => (TilesPerBlock * GroupWidth) + Skew;

        private readonly int Panels => Kernels.Panels(Plan.ResultChannels);

        private readonly int GroupsPerPhase => CpuDevice.Blocks(Panels, PanelsPerGroup);

        private readonly int Depth => Plan.Depth(Transforms.Width);

        public readonly void Execute(int block, Scratch scratch)
        {
            (int group, int blockOfChunk) = Stage == WinogradStage.Products ? Math.DivRem(block, ChunkBlocks) : (0, block);
            int firstTile = (FirstBlock + blockOfChunk) * TilesPerBlock, tiles = Math.Min(TilesPerBlock, Plan.Tiles - firstTile);
            float* transformed = Stage == WinogradStage.Both
                ? scratch.Reserve<float>(0, TransformedLength) : Shared + (blockOfChunk * TransformedLength);
            if (Stage != WinogradStage.Products)
            {
                for (int tile = 0; tile < tiles; tile++)
                {
                    Source.Transform(firstTile + tile, transformed + (tile * Depth), TransformedStride, scratch);
                }
            }
            if (Stage == WinogradStage.Source)
            {
                return;
            }
            for (int end = Stage == WinogradStage.Both ? PanelGroups : group + 1; group < end; group++)
            {
                Multiply(group, transformed, firstTile, tiles, scratch);
            }
        }

        private readonly void Multiply(int group, float* transformed, int firstTile, int tiles, Scratch scratch)
        {
            (int phase, int groupOfPhase) = Math.DivRem(group, GroupsPerPhase);
            int firstPanel = groupOfPhase * PanelsPerGroup, panels = Math.Min(PanelsPerGroup, Panels - firstPanel);
            int rows = Kernels.Rows, width = Kernels.PanelWidth, depth = Depth, padded = Kernels.Tiles(tiles) * rows;
            nint matrixStride = ((nint)depth * width) + Skew, panelLength = Transforms.Frequencies * matrixStride;
            float* products = scratch.Reserve<float>(1, (Transforms.Frequencies * ProductStride) + GroupWidth);
            float* surplus = products + (Transforms.Frequencies * ProductStride);
            float** sources = scratch.ReservePointers(2, 2 * padded);
            float** results = sources + padded;
            int* segment = scratch.Reserve<int>(3, 1);
            *segment = 0;
            for (int frequency = 0; frequency < Transforms.Frequencies; frequency++)
            {
                for (int row = 0; row < padded; row++)
                {
                    // Rows beyond the last tile compute it again and write where nobody reads.
                    sources[row] = transformed + (frequency * TransformedStride) + (Math.Min(row, tiles - 1) * depth);
                    results[row] = row < tiles ? products + (frequency * ProductStride) + (row * GroupWidth) : surplus;
                }
                float* matrix = Filter + (((phase * Panels) + firstPanel) * panelLength) + (frequency * matrixStride);
                for (int column = 0; column < panels * width; column += width, matrix += panelLength)
                {
                    for (int row = 0; row < padded; row += rows)
                    {
                        Kernels.Gather(sources + row, segment, 1, depth, matrix, results + row, column);
                    }
                }
            }
            for (int tile = 0; tile < tiles; tile++)
            {
                TransformProducts(firstTile + tile, phase, firstPanel * width, products + (tile * GroupWidth), scratch);
            }
        }

        private readonly void TransformProducts(int tile, int phase, int firstChannel, float* products, Scratch scratch)
        {
            int outputs = Transforms.Outputs, width = Transforms.Width, pixelCount = outputs * outputs;
            int channels = Math.Min(GroupWidth, Plan.ResultChannels - firstChannel);
            int whole = channels / width, rest = channels % width;
            float** pixels = scratch.ReservePointers(2, pixelCount);
            float* workspace = scratch.Reserve<float>(4, Transforms.Frequencies * width);
            float* surplus = scratch.Reserve<float>(6, channels);
            (int image, int tileRow, int tileColumn) = Plan.Locate(tile);
            (int phaseRow, int phaseColumn) = Math.DivRem(phase, Plan.Phases);
            for (int i = 0; i < outputs; i++)
            {
                bool inRow = Plan.ResultRows.Find((tileRow * outputs) + i, phaseRow, out int y);
                nint line = (((nint)image * Plan.ResultRows.Extent) + y) * Plan.ResultColumns.Extent;
                for (int j = 0; j < outputs; j++)
                {
                    bool inside = Plan.ResultColumns.Find((tileColumn * outputs) + j, phaseColumn, out int x) && inRow;
                    pixels[(i * outputs) + j] = inside ? Result + ((line + x) * Plan.ResultChannels) + firstChannel : surplus;
                }
            }
            Transforms.Output(products, ProductStride, whole, workspace, pixels, 0);
            if (rest > 0)
            {
                float** padded = scratch.ReservePointers(3, pixelCount);
                float* vectors = scratch.Reserve<float>(5, pixelCount * width);
                for (int pixel = 0; pixel < pixelCount; pixel++)
                {
                    padded[pixel] = vectors + (pixel * width);
                }
                Transforms.Output(products + (whole * width), ProductStride, 1, workspace, padded, 0);
                for (int pixel = 0; pixel < pixelCount; pixel++)
                {
                    Lanes.Copy(padded[pixel], pixels[pixel] + (whole * width), rest);
                }
            }
        }
    }
}
