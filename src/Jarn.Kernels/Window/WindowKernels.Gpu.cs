using ILGPU;

namespace Jarn.Kernels;

/// <param name="Full">[RowCount, Axis·Inner]</param>
/// <param name="Rows">Where the window's rows lie in those of <paramref name="Full"/>.</param>
/// <param name="RowCount">The number of rows of <paramref name="Full"/>, and of <paramref name="Window"/>.</param>
/// <param name="Window">[RowCount, Extent·Inner]</param>
internal readonly record struct WindowArguments(ArrayView<float> Full, RowsOfFour Rows, int RowCount, ArrayView<float> Window) : IKernelArguments;

internal static class WindowKernels
{
    public static void Slice<TAccess>(WindowArguments p) where TAccess : struct, IAccess
    {
        RowsOfFour window = new(p.Rows.Columns);
        for (long i = GridStride.First; i < p.RowCount * window.Count; i += GridStride.Step)
        {
            int row = (int)i / window.Count, four = (int)i % window.Count;
            window.Store<TAccess>(p.Window, row, four, p.Rows.Load<TAccess>(p.Full, row, four));
        }
    }

    public static void Place<TAccess>(WindowArguments p) where TAccess : struct, IAccess
    {
        RowsOfFour window = new(p.Rows.Columns);
        for (long i = GridStride.First; i < p.RowCount * window.Count; i += GridStride.Step)
        {
            int row = (int)i / window.Count, four = (int)i % window.Count;
            p.Rows.Store<TAccess>(p.Full, row, four, window.Load<TAccess>(p.Window, row, four));
        }
    }
}
