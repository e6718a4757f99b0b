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

        /// <summary>Samples that one row joins.</summary>
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
}
