namespace Jarn.Kernels;

/// <summary>
/// A convolution, or its input gradient, as stride-1 correlations with r×r taps. With stride S and S·r taps an axis falls into S
/// phases, the residues of the coordinate modulo S, each of which meets r of the taps: y[p] = Σ_φ Σ_j x[S·(p + j) + φ − pad]·w[S·j + φ].
/// Forward the phases are summed, as channels are; in the input gradient, x̄[S·q + φ − pad] = Σ_i ȳ[q − (r−1) + i]·w[S·(r−1−i) + φ],
/// each phase is a result of its own.
/// </summary>
/// <param name="Phases">S, the phases of an axis.</param>
/// <param name="Backward">Input gradient, not forward pass.</param>
internal readonly record struct WinogradPlan(
    int Batch, int Phases, bool Backward, PhasedAxis SourceRows, PhasedAxis SourceColumns, PhasedAxis ResultRows, PhasedAxis ResultColumns,
    int TileRows, int TileColumns, int SourceChannels, int ResultChannels)
{
    public int SourcePhases => Backward ? 1 : Phases * Phases;

    public int ResultPhases => Backward ? Phases * Phases : 1;

    /// <summary>Where in the kernel tap (i, j) of a phase stands.</summary>
    public int KernelPosition(int taps, int i, int j, int phase)
    {
        (int row, int column) = Math.DivRem(phase, Phases);
        return (((Phases * i) + row) * Phases * taps) + (Phases * j) + column;
    }

    /// <summary>The source's channels, rounded up to whole vectors.</summary>
    public int PaddedChannels(int vectorWidth) => (SourceChannels + vectorWidth - 1) / vectorWidth * vectorWidth;

    /// <summary>Terms of the sum at each frequency: the channels of all phases.</summary>
    public int Depth(int vectorWidth) => SourcePhases * PaddedChannels(vectorWidth);

    public int Tiles => Batch * TileRows * TileColumns;

    public (int Image, int Row, int Column) Locate(int tile)
    {
        (int line, int column) = Math.DivRem(tile, TileColumns);
        (int image, int row) = Math.DivRem(line, TileRows);
        return (image, row, column);
    }

    /// <summary>Whether F(m×m, r×r) computes this convolution.</summary>
    public static bool Exists(ConvolutionGeometry g, int taps) =>
        g.StrideHeight == g.StrideWidth && g.KernelHeight == g.KernelWidth && g.KernelHeight == taps * g.StrideHeight;

    public static WinogradPlan For(ConvolutionGeometry g, bool backward, int outputs, int taps)
    {
        int stride = g.StrideHeight;
        (PhasedAxis sourceRows, PhasedAxis resultRows, int rows) = Axis(g.InputHeight, g.OutputHeight, stride, g.PadTop, backward, taps);
        (PhasedAxis sourceColumns, PhasedAxis resultColumns, int columns) = Axis(g.InputWidth, g.OutputWidth, stride, g.PadLeft, backward, taps);
        return new WinogradPlan(
            g.Batch, stride, backward, sourceRows, sourceColumns, resultRows, resultColumns,
            (rows + outputs - 1) / outputs, (columns + outputs - 1) / outputs,
            backward ? g.OutputChannels : g.InputChannels, backward ? g.InputChannels : g.OutputChannels);
    }

    private static (PhasedAxis Source, PhasedAxis Result, int Count) Axis(int inputs, int outputs, int stride, int before, bool backward, int taps)
    {
        if (!backward)
        {
            return (new PhasedAxis(stride, -before, inputs), new PhasedAxis(1, 0, outputs), outputs);
        }
        // The input's coordinates 0 … inputs − 1 have the q from ⌊before/S⌋ to ⌊(inputs − 1 + before)/S⌋.
        int first = before / stride;
        return (
            new PhasedAxis(1, first - (taps - 1), outputs),
            new PhasedAxis(stride, (stride * first) - before, inputs),
            ((inputs - 1 + before) / stride) - first + 1);
    }
}

/// <summary>Where an axis' elements stand: element i of phase φ at Step·i + φ + Offset, if that lies in [0, Extent).</summary>
internal readonly record struct PhasedAxis(int Step, int Offset, int Extent)
{
    public bool Find(int i, int phase, out int coordinate)
    {
        coordinate = (Step * i) + phase + Offset;
        return (uint)coordinate < (uint)Extent;
    }
}
