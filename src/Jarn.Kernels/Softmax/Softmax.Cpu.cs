using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal void Softmax(in SoftmaxCall call)
    {
        (DeviceBuffer x, RowGeometry geometry, DeviceBuffer y) = call;
        VisitRows(new SoftmaxRows { Columns = geometry.Columns, X = Read(x), Y = Write(y) }, geometry.Rows, geometry.Columns);
    }

    internal void SoftmaxGradient(in SoftmaxGradientCall call)
    {
        (DeviceBuffer y, DeviceBuffer outputCotangent, RowGeometry geometry, DeviceBuffer xCotangent) = call;
        SoftmaxGradientRows rows = new()
        {
            Columns = geometry.Columns,
            Y = Read(y),
            OutputCotangent = Read(outputCotangent),
            XCotangent = Write(xCotangent),
        };
        VisitRows(rows, geometry.Rows, geometry.Columns);
    }

    private struct SoftmaxRows : IRowVisitor
    {
        public int Columns;
        public float* X, Y;

        public readonly void Visit(int row)
        {
            float* y = Y + ((nint)row * Columns);
            float scale = (float)(1 / StoreExponentials(X + ((nint)row * Columns), Columns, y));
            for (int i = 0; i < Columns; i += Lanes.Width)
            {
                int lanes = Lanes.Count(i, Columns);
                Lanes.Store(Lanes.Load(y + i, lanes) * scale, y + i, lanes);
            }
        }
    }

    private struct SoftmaxGradientRows : IRowVisitor
    {
        public int Columns;
        public float* Y, OutputCotangent, XCotangent;

        public readonly void Visit(int row)
        {
            nint first = (nint)row * Columns;
            float* y = Y + first, g = OutputCotangent + first, xBar = XCotangent + first;
            Vector256<float> gy = Vector256.Create((float)InnerProduct(g, y, Columns));
            for (int i = 0; i < Columns; i += Lanes.Width)
            {
                int lanes = Lanes.Count(i, Columns);
                Lanes.Store(Lanes.Load(y + i, lanes) * (Lanes.Load(g + i, lanes) - gy), xBar + i, lanes);
            }
        }
    }

    private static float MaximumOfRow(float* x, int count)
    {
        Vector256<float> maxima = Vector256.Create(float.NegativeInfinity);
        for (int i = 0; i < count; i += Lanes.Width)
        {
            maxima = Vector256.Max(maxima, Lanes.Load(x + i, Lanes.Count(i, count), float.NegativeInfinity));
        }
        float maximum = float.NegativeInfinity;
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            maximum = MathF.Max(maximum, maxima[lane]);
        }
        return maximum;
    }

    /// <summary>Σ exp(x − max x), whose terms are stored.</summary>
    private static double StoreExponentials(float* x, int count, float* exponentials)
    {
        Vector256<float> maximum = Vector256.Create(MaximumOfRow(x, count)), sum = default;
        for (int i = 0; i < count; i += Lanes.Width)
        {
            int lanes = Lanes.Count(i, count);
            Vector256<float> terms = VectorMath.Exp(Lanes.Load(x + i, lanes, float.NegativeInfinity) - maximum);
            Lanes.Store(terms, exponentials + i, lanes);
            sum += terms;
        }
        return Lanes.Sum(sum);
    }
}
