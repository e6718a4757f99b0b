namespace Jarn.Kernels;

/// <summary>Takes tiles of a tensor's pixels, which meet padding at the edges, to the frequencies: an input's, or an output's cotangent's.</summary>
internal unsafe struct TransformedTiles
{
    private WinogradPlan _plan;
    private WinogradKernels _kernels;
    private delegate*<float**, nint, int, float*, float*, nint, void> _transform;
    private PhasedAxis _rows, _columns;
    private int _edge, _phases, _channels;
    private float* _pixels, _zeros;

    /// <summary>Tiles of (m + r − 1)² pixels of the plan's source, [phase and channel] at each frequency.</summary>
    /// <param name="source">The tensor that is cut into tiles, N×H×W×C.</param>
    /// <param name="zeros">As many zeros as the tensor has channels, for padding.</param>
    public static TransformedTiles OfSource(WinogradPlan plan, WinogradKernels kernels, float* source, float* zeros) => new()
    {
        _plan = plan,
        _kernels = kernels,
        _transform = kernels.Input,
        _rows = plan.SourceRows,
        _columns = plan.SourceColumns,
        _edge = kernels.Size,
        _phases = plan.SourcePhases,
        _channels = plan.SourceChannels,
        _pixels = source,
        _zeros = zeros,
    };

    /// <summary>Tiles of m×m pixels of the cotangent of a forward plan's result, [channel] at each frequency.</summary>
    public static TransformedTiles OfResultCotangent(WinogradPlan plan, WinogradKernels kernels, float* cotangent, float* zeros) => new()
    {
        _plan = plan,
        _kernels = kernels,
        _transform = kernels.OutputCotangent,
        _rows = plan.ResultRows,
        _columns = plan.ResultColumns,
        _edge = kernels.Outputs,
        _phases = plan.ResultPhases,
        _channels = plan.ResultChannels,
        _pixels = cotangent,
        _zeros = zeros,
    };

    /// <summary>One tile. Each phase's channels are padded with zeros to whole vectors, and the frequencies stand a stride apart.</summary>
    public readonly void Transform(int tile, float* result, nint stride, Scratch scratch)
    {
        int count = _edge * _edge, width = _kernels.Width;
        float** pixels = scratch.ReservePointers(2, count);
        float* workspace = scratch.Reserve<float>(4, _kernels.Frequencies * width);
        (int image, int tileRow, int tileColumn) = _plan.Locate(tile);
        int row = tileRow * _kernels.Outputs, column = tileColumn * _kernels.Outputs;
        int whole = _channels / width, rest = _channels % width;
        for (int phase = 0; phase < _phases; phase++)
        {
            (int phaseRow, int phaseColumn) = Math.DivRem(phase, _plan.Phases);
            for (int i = 0; i < _edge; i++)
            {
                bool inRow = _rows.Find(row + i, phaseRow, out int y);
                nint line = (((nint)image * _rows.Extent) + y) * _columns.Extent;
                for (int j = 0; j < _edge; j++)
                {
                    bool inside = _columns.Find(column + j, phaseColumn, out int x) && inRow;
                    pixels[(i * _edge) + j] = inside ? _pixels + ((line + x) * _channels) : _zeros;
                }
            }
            _transform(pixels, 0, whole, workspace, result, stride);
            result += whole * width;
            if (rest > 0)
            {
                float* padded = scratch.Reserve<float>(5, count * width);
                new Span<float>(padded, count * width).Clear();
                for (int pixel = 0; pixel < count; pixel++, padded += width)
                {
                    Lanes.Copy(pixels[pixel] + (whole * width), padded, rest);
                    pixels[pixel] = padded;
                }
                _transform(pixels, 0, 1, workspace, result, stride);
                result += width;
            }
        }
    }
}
