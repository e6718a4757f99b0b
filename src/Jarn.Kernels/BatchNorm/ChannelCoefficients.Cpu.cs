namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    private ChannelCoefficients Coefficients(BatchNormGeometry geometry, int count)
    {
        JoinedSamples samples = new(geometry);
        return new ChannelCoefficients(_workspace.Reserve<float>(Slot.Coefficients, (nint)count * samples.RowLength), count, samples);
    }

    /// <summary>
    /// Some numbers a channel, in the order in which a row needs them: for each vector of channels the first number of all, then the second …
    /// </summary>
    private readonly struct ChannelCoefficients(float* memory, int count, JoinedSamples samples)
    {
        public JoinedSamples Samples { get; } = samples;

        /// <summary>Sets a number wherever the channel stands in a row.</summary>
        public float this[int k, int channel]
        {
            set
            {
                for (int column = channel; column < Samples.RowLength; column += Samples.Channels)
                {
                    memory[Offset(column, count) + (k * Lanes.Width)] = value;
                }
            }
        }

        /// <summary>The coefficients of a vector of channels.</summary>
        public float* Of(int column) => memory + ((nint)column * count);

        /// <summary>The index of the first of <paramref name="count"/> numbers of a channel; the next ones are a vector apart.</summary>
        public static nint Offset(int column, int count) => ((nint)(column / Lanes.Width) * count * Lanes.Width) + (column % Lanes.Width);
    }
}
