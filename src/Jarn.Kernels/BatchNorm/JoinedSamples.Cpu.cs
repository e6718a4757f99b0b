namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>
    /// A tensor [samples, channels] as rows of some samples each: as many as make whole vectors, and rows long enough that the loop along one costs
    /// little. What belongs to channels is repeated to a row's length. Samples left over are an incomplete last row.
    /// </summary>
    private readonly struct JoinedSamples
    {
        private const int ShortRow = 64;
        private const int ElementsPerBlock = 32768;

        private readonly int _rows, _rowsPerBlock;

        public JoinedSamples(BatchNormGeometry geometry)
        {
            Channels = geometry.Channels;
            int powerOfTwo = Channels & -Channels, joined = Lanes.Width / Math.Min(Lanes.Width, powerOfTwo);
            Joined = joined * Math.Max(1, ShortRow / (joined * Channels));
            RowLength = checked(Joined * Channels);
            (_rows, Rest) = Math.DivRem(geometry.Length, RowLength);
            _rowsPerBlock = Math.Max(1, ElementsPerBlock / RowLength);
            Blocks = Math.Max(1, CpuDevice.Blocks(_rows, _rowsPerBlock));
        }

        public int Channels { get; }

        /// <summary>Samples a row.</summary>
        public int Joined { get; }

        /// <summary>Elements of a row, a multiple of a vector's.</summary>
        public int RowLength { get; }

        /// <summary>Elements of the incomplete row after the last complete one.</summary>
        public int Rest { get; }

        public int Blocks { get; }

        /// <summary>Where the incomplete row begins.</summary>
        public nint RestElement => (nint)_rows * RowLength;

        /// <summary>The complete rows of a block.</summary>
        public (int First, int Last) this[int block] => (block * _rowsPerBlock, Math.Min((block + 1) * _rowsPerBlock, _rows));

        public bool HasRest(int block) => Rest > 0 && block == Blocks - 1;
    }

    private ChannelCoefficients Coefficients(BatchNormGeometry geometry, int count)
    {
        JoinedSamples samples = new(geometry);
        return new ChannelCoefficients(_workspace.Reserve<float>(Slot.Coefficients, (nint)count * samples.RowLength), count, samples);
    }

    /// <summary>Some numbers a channel, in the order in which a row needs them: for each vector of channels the first number of all, then the second …</summary>
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

        /// <summary>Those of a vector of channels.</summary>
        public float* Of(int column) => memory + ((nint)column * count);

        /// <summary>Where the first of <paramref name="count"/> numbers of a channel stands; the next are a vector apart.</summary>
        public static nint Offset(int column, int count) => ((nint)(column / Lanes.Width) * count * Lanes.Width) + (column % Lanes.Width);
    }
}
