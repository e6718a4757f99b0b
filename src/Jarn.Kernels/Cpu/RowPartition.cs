namespace Jarn.Kernels;

/// <summary>
/// Rows of equal length divided into blocks of about as many elements: some rows where they are short, pieces of one row where they are long.
/// </summary>
internal readonly struct RowPartition
{
    private readonly int _rows, _length, _rowsPerBlock, _piece, _piecesPerRow;

    public RowPartition(int rows, int length, int elementsPerBlock)
    {
        _rows = rows;
        _length = length;
        _piece = Math.Min(length, elementsPerBlock);
        _piecesPerRow = (int)(((long)length + _piece - 1) / _piece);
        _rowsPerBlock = _piecesPerRow > 1 ? 1 : elementsPerBlock / length;
        Blocks = (int)(((long)rows + _rowsPerBlock - 1) / _rowsPerBlock) * _piecesPerRow;
    }

    public int Blocks { get; }

    public (int FirstRow, int LastRow, int First, int Last) this[int block]
    {
        get
        {
            int row = block / _piecesPerRow * _rowsPerBlock, first = block % _piecesPerRow * _piece;
            return (row, Math.Min(row + _rowsPerBlock, _rows), first, (int)Math.Min((long)first + _piece, _length));
        }
    }
}
