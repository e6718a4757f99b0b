using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal void CenterAndNormalize(in CenterAndNormalizeCall call)
    {
        (DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm) = call;
        CenterAndNormalizeRows rows = new()
        {
            Columns = geometry.Columns,
            LargestReciprocal = geometry.LargestReciprocal,
            X = Read(x),
            Y = Write(y),
            ReciprocalNorm = Write(reciprocalNorm),
        };
        VisitRows(rows, geometry.Rows, geometry.Columns);
    }

    internal void CenterAndNormalizeGradient(in CenterAndNormalizeGradientCall call)
    {
        (DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent, NormalizeGeometry geometry, DeviceBuffer xCotangent) = call;
        CenterAndNormalizeGradientRows rows = new()
        {
            Columns = geometry.Columns,
            LargestReciprocal = (float)geometry.LargestReciprocal,
            Y = Read(y),
            ReciprocalNorm = Read(reciprocalNorm),
            OutputCotangent = Read(outputCotangent),
            XCotangent = Write(xCotangent),
        };
        VisitRows(rows, geometry.Rows, geometry.Columns);
    }

    private struct CenterAndNormalizeRows : IRowVisitor
    {
        public int Columns;
        public double LargestReciprocal;
        public float* X, Y, ReciprocalNorm;

        public readonly void Visit(int row)
        {
            float* x = X + ((nint)row * Columns), y = Y + ((nint)row * Columns);
            Vector256<float> mean = Vector256.Create((float)(SumRow(x, Columns) / Columns));
            for (int i = 0; i < Columns; i += Lanes.Width)
            {
                int lanes = Lanes.Count(i, Columns);
                Lanes.Store(Lanes.Load(x + i, lanes) - mean, y + i, lanes);
            }
            float r = (float)Math.Min(1 / Math.Sqrt(InnerProduct(y, y, Columns)), LargestReciprocal);
            for (int i = 0; i < Columns; i += Lanes.Width)
            {
                int lanes = Lanes.Count(i, Columns);
                Lanes.Store(Lanes.Load(y + i, lanes) * r, y + i, lanes);
            }
            ReciprocalNorm[row] = r;
        }
    }

    private struct CenterAndNormalizeGradientRows : IRowVisitor
    {
        public int Columns;
        public float LargestReciprocal;
        public float* Y, ReciprocalNorm, OutputCotangent, XCotangent;

        public readonly void Visit(int row)
        {
            nint first = (nint)row * Columns;
            float* y = Y + first, g = OutputCotangent + first, xBar = XCotangent + first;
            float r = ReciprocalNorm[row];
            Vector256<float> mean = Vector256.Create((float)(SumRow(g, Columns) / Columns));
            Vector256<float> gy = Vector256.Create(r < LargestReciprocal ? (float)InnerProduct(g, y, Columns) : 0f);
            for (int i = 0; i < Columns; i += Lanes.Width)
            {
                int lanes = Lanes.Count(i, Columns);
                Lanes.Store((Lanes.Load(g + i, lanes) - mean - (Lanes.Load(y + i, lanes) * gy)) * r, xBar + i, lanes);
            }
        }
    }
}
