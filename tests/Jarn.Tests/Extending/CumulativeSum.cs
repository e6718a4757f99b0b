using ILGPU;
using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Tests.Extending;

/// <summary>
/// The device operation of docs/extending.md: y[row,i] = Σ x[row,j] over j ≤ i, or over j ≥ i where it is reversed, which is the adjoint.
/// </summary>
public readonly record struct CumulativeSumCall(DeviceBuffer X, RowGeometry Geometry, bool Reversed, DeviceBuffer Y) : IDeviceCall<CumulativeSumCall>
{
    public static string Operation => "CumulativeSum";

    public CallCost Cost => CallCost.OfPasses(X.Length, reads: 1, writes: 1, operations: 1);

    public void Check() => Geometry.Check(X, Y);

    public CumulativeSumCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => this with
    {
        X = buffers.Read(X),
        Y = buffers.Write(Y),
    };

    public void Run(ReferenceDevice device)
    {
        Span<double> x = device.Span(X), y = device.Span(Y);
        for (int row = 0; row < Geometry.Rows; row++)
        {
            double sum = 0;
            for (int step = 0; step < Geometry.Columns; step++)
            {
                int i = (row * Geometry.Columns) + (Reversed ? Geometry.Columns - 1 - step : step);
                y[i] = sum += x[i];
            }
        }
    }

    public unsafe void Run(CpuDevice device) =>
        device.VisitRows(new Rows(device.Read(X), Geometry.Columns, Reversed, device.Write(Y)), Geometry.Rows, Geometry.Columns);

    public void Run(GpuDevice device) => device.LaunchOver(
        CumulativeSumKernel.Run, Geometry.Rows, new CumulativeSumArguments(device.View(X), Geometry, Reversed ? 1 : 0, device.View(Y)));

    private readonly unsafe struct Rows(float* x, int columns, bool reversed, float* y) : CpuDevice.IRowVisitor
    {
        private readonly float* _x = x, _y = y;
        private readonly int _columns = columns;
        private readonly bool _reversed = reversed;

        public void Visit(int row)
        {
            float sum = 0;
            for (int step = 0; step < _columns; step++)
            {
                nint i = ((nint)row * _columns) + (_reversed ? _columns - 1 - step : step);
                _y[i] = sum += _x[i];
            }
        }
    }
}

internal readonly record struct CumulativeSumArguments(ArrayView<float> X, RowGeometry Geometry, int Reversed, ArrayView<float> Y) : IKernelArguments;

internal static class CumulativeSumKernel
{
    public static void Run(CumulativeSumArguments p)
    {
        int columns = p.Geometry.Columns;
        for (long row = GridStride.First; row < p.Geometry.Rows; row += GridStride.Step)
        {
            float sum = 0;
            for (int step = 0; step < columns; step++)
            {
                int i = ((int)row * columns) + (p.Reversed == 1 ? columns - 1 - step : step);
                sum += p.X[i];
                p.Y[i] = sum;
            }
        }
    }
}

public static class CumulativeSumOperation
{
    /// <summary>y[…,i] = Σ x[…,j] over j ≤ i, of x's shape.</summary>
    public static Tensor CumulativeSum(this Tape tape, Tensor x)
    {
        int columns = x.Shape[x.Shape.Rank - 1];
        RowGeometry rows = new(x.Length / columns, columns);
        return tape.Apply(
            new LinearMap(
                "cumulative sum", x.Shape,
                (device, input, output) => device.Execute(new CumulativeSumCall(input, rows, Reversed: false, output)),
                (device, input, output) => device.Execute(new CumulativeSumCall(input, rows, Reversed: true, output))),
            x)[0];
    }
}
