namespace Jarn.Kernels;

/// <summary>One axis of a convolution's input, its positions in classes by their remainder: h = phase + m·stride.</summary>
/// <param name="Extent">The length of the input.</param>
/// <param name="Kernel">The length of the filter.</param>
/// <param name="Before">Padding before the first position.</param>
/// <param name="Stride">The filter's step on the input.</param>
/// <param name="Phases">How many classes have a position: min(stride, extent).</param>
/// <param name="Positions">The number of positions in the first class; the others have as many or one less.</param>
/// <param name="MostTaps">Taps of the classes that meet one tap more than the others: ⌈kernel/stride⌉.</param>
/// <param name="FewestTaps">Taps of the other classes: ⌊kernel/stride⌋, or 1 where that is 0.</param>
internal readonly record struct StridedAxis(
    int Extent, int Kernel, int Before, Divisor Stride, Divisor Phases, Divisor Positions, Divisor MostTaps, Divisor FewestTaps)
{
    public StridedAxis(int extent, int kernel, int stride, int before) : this(
        extent, kernel, before, new(stride), new(Math.Min(stride, extent)), new(GpuDevice.DivideUp(extent, stride)),
        new(GpuDevice.DivideUp(kernel, stride)), new(Math.Max(1, kernel / stride)))
    {
    }

    /// <summary>
    /// h + before = p·stride + r for an output p and a tap r that h meets. So with phase + before = output·stride + residue the class's position
    /// m meets outputs output + m − i through taps residue + i·stride, 0 ≤ i &lt; taps.
    /// </summary>
    public StridedPhase Of(int phase)
    {
        int output = Stride.Quotient(phase + Before), residue = Stride.Remainder(phase + Before, output);
        int taps = Stride.Quotient(Kernel - residue + Stride.Value - 1), last = taps - 1;
        return new StridedPhase(phase, output - last, residue + (last * Stride.Value), taps);
    }

    public Divisor TapsOf(StridedPhase phase) => phase.Taps == MostTaps.Value ? MostTaps : FewestTaps;
}

/// <summary>
/// What a class of positions h = phase + m·stride meets, in the order of the outputs: output FirstOutput + m + i through tap
/// LastTap − i·stride, for 0 ≤ i &lt; Taps.
/// </summary>
internal readonly record struct StridedPhase(int Phase, int FirstOutput, int LastTap, int Taps);
