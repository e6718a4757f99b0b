namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>The transformed filter, [phase of the result][panel][frequency][phase of the source][channel][column].</summary>
    private float* TransformedFilter(ConvolutionGeometry g, DeviceBuffer filter, WinogradPlan plan, WinogradKernels transforms)
    {
        WinogradFilterJob job = new()
        {
            Kernels = _kernels,
            Transforms = transforms,
            Plan = plan,
            Filter = Read(filter),
        };
        FilterForm form = plan.Backward ? FilterForm.WinogradInputGradient : FilterForm.WinogradForward;
        job.Transformed = Packed(filter, g, form, job.PanelLength * job.Panels, out bool isCurrent);
        if (!isCurrent)
        {
            _workers.Run(job, job.Blocks);
        }
        return job.Transformed;
    }

    /// <summary>A block is some channels of the source, in one phase, with the columns of one panel.</summary>
    private struct WinogradFilterJob : IBlockJob
    {
        private const int ChannelsPerBlock = 16;

        public MatrixKernels Kernels;
        public WinogradKernels Transforms;
        public WinogradPlan Plan;
        public float* Filter, Transformed;

        public readonly int Panels => Plan.ResultPhases * PanelsPerPhase;

        public readonly int Blocks => Panels * Plan.SourcePhases * BlocksPerPhase;

        public readonly nint PanelLength => Transforms.Frequencies * MatrixStride;

        private readonly nint MatrixStride => ((nint)Plan.Depth(Transforms.Width) * Kernels.PanelWidth) + WinogradJob.Skew;

        private readonly int PanelsPerPhase => Kernels.Panels(Plan.ResultChannels);

        private readonly int PaddedChannels => Plan.PaddedChannels(Transforms.Width);

        private readonly int BlocksPerPhase => CpuDevice.Blocks(PaddedChannels, ChannelsPerBlock);

        public readonly void Execute(int block, Scratch scratch)
        {
            (int panel, int remainder) = Math.DivRem(block, Plan.SourcePhases * BlocksPerPhase);
            (int sourcePhase, int channelBlock) = Math.DivRem(remainder, BlocksPerPhase);
            (int resultPhase, int panelOfPhase) = Math.DivRem(panel, PanelsPerPhase);
            int width = Kernels.PanelWidth, first = channelBlock * ChannelsPerBlock, channels = Math.Min(ChannelsPerBlock, PaddedChannels - first);
            int taps = Transforms.Taps;
            float* sheets = scratch.Reserve<float>(0, taps * taps * ChannelsPerBlock * width);
            float* workspace = scratch.Reserve<float>(1, Transforms.Frequencies * Transforms.Width);
            // Channels and columns beyond the last stay zero.
            new Span<float>(sheets, taps * taps * ChannelsPerBlock * width).Clear();
            for (int tap = 0; tap < taps * taps; tap++)
            {
                Copy(tap, sourcePhase, resultPhase, first, panelOfPhase * width, sheets + (tap * ChannelsPerBlock * width));
            }
            nint row = ((nint)sourcePhase * PaddedChannels) + first;
            Transforms.Filter(
                sheets, ChannelsPerBlock * width, channels * width / Transforms.Width, workspace,
                Transformed + (panel * PanelLength) + (row * width), MatrixStride);
        }

        /// <summary>One tap's [channels, columns], of the filter itself or, backward, of the filter turned by half a turn and transposed.</summary>
        private readonly void Copy(int tap, int sourcePhase, int resultPhase, int first, int column, float* sheet)
        {
            int taps = Transforms.Taps;
            (int i, int j) = Math.DivRem(tap, taps);
            if (Plan.Backward)
            {
                (i, j) = (taps - 1 - i, taps - 1 - j);
            }
            nint position = Plan.KernelPosition(taps, i, j, Plan.Backward ? resultPhase : sourcePhase);
            float* matrix = Filter + (position * Plan.SourceChannels * Plan.ResultChannels);
            int width = Kernels.PanelWidth;
            int channels = Math.Min(ChannelsPerBlock, Plan.SourceChannels - first), columns = Math.Min(width, Plan.ResultChannels - column);
            if (Plan.Backward)
            {
                for (int c = 0; c < columns; c++)
                {
                    float* from = matrix + ((nint)(column + c) * Plan.SourceChannels) + first;
                    for (int l = 0; l < channels; l++)
                    {
                        sheet[(l * width) + c] = from[l];
                    }
                }
                return;
            }
            for (int l = 0; l < channels; l++)
            {
                Lanes.Copy(matrix + ((nint)(first + l) * Plan.ResultChannels) + column, sheet + (l * width), columns);
            }
        }
    }
}
