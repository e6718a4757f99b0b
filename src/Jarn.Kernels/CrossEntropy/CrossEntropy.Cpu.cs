using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal void CrossEntropy(in CrossEntropyCall call)
    {
        (DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss) = call;
        CrossEntropyRows rows = new() { Columns = geometry.Columns, Logits = Read(logits), Labels = Read(labels), Loss = Write(loss) };
        VisitRows(rows, geometry.Rows, geometry.Columns);
    }

    internal void CrossEntropyGradient(in CrossEntropyGradientCall call)
    {
        (DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent, RowGeometry geometry, DeviceBuffer logitsCotangent) = call;
        CrossEntropyGradientRows rows = new()
        {
            Columns = geometry.Columns,
            Logits = Read(logits),
            Labels = Read(labels),
            LossCotangent = Read(lossCotangent),
            LogitsCotangent = Write(logitsCotangent),
        };
        VisitRows(rows, geometry.Rows, geometry.Columns);
    }

    /// <summary>Σy·log Σ exp d − Σ y·d with d = z − max: labels ≥ 0 have nothing cancel.</summary>
    private struct CrossEntropyRows : IRowVisitor
    {
        public int Columns;
        public float* Logits, Labels, Loss;

        public readonly void Visit(int row)
        {
            float* z = Logits + ((nint)row * Columns), y = Labels + ((nint)row * Columns);
            Vector256<float> maximum = Vector256.Create(MaximumOfRow(z, Columns)), exponentials = default, labels = default, weighted = default;
            for (int i = 0; i < Columns; i += Lanes.Width)
            {
                int lanes = Lanes.Count(i, Columns);
                Vector256<float> label = Lanes.Load(y + i, lanes);
                exponentials += VectorMath.Exp(Lanes.Load(z + i, lanes, float.NegativeInfinity) - maximum);
                labels += label;
                weighted += label * (Lanes.Load(z + i, lanes) - maximum);
            }
            Loss[row] = (float)((Lanes.Sum(labels) * Math.Log(Lanes.Sum(exponentials))) - Lanes.Sum(weighted));
        }
    }

    private struct CrossEntropyGradientRows : IRowVisitor
    {
        public int Columns;
        public float* Logits, Labels, LossCotangent, LogitsCotangent;

        public readonly void Visit(int row)
        {
            nint first = (nint)row * Columns;
            float* z = Logits + first, y = Labels + first, zBar = LogitsCotangent + first;
            double exponentials = StoreExponentials(z, Columns, zBar);
            float scale = (float)(SumRow(y, Columns) / exponentials), g = LossCotangent[row];
            for (int i = 0; i < Columns; i += Lanes.Width)
            {
                int lanes = Lanes.Count(i, Columns);
                Lanes.Store(((Lanes.Load(zBar + i, lanes) * scale) - Lanes.Load(y + i, lanes)) * g, zBar + i, lanes);
            }
        }
    }
}
