namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal void Slice(in SliceCall call)
    {
        (DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) = call;
        CopyRows(
            Read(x) + ((nint)geometry.Start * geometry.Inner), geometry.Axis * geometry.Inner,
            Write(y), geometry.Extent * geometry.Inner, geometry);
    }

    internal void Place(in PlaceCall call)
    {
        (DeviceBuffer x, WindowGeometry geometry, DeviceBuffer y) = call;
        CopyRows(
            Read(x), geometry.Extent * geometry.Inner,
            Write(y) + ((nint)geometry.Start * geometry.Inner), geometry.Axis * geometry.Inner, geometry);
    }

    private void CopyRows(float* from, int fromStride, float* to, int toStride, WindowGeometry geometry)
    {
        RowPartition partition = new(geometry.Outer, geometry.Extent * geometry.Inner, ElementsPerBlock);
        _workers.Run(new CopyRowsJob { Partition = partition, From = from, FromStride = fromStride, To = to, ToStride = toStride }, partition.Blocks);
    }

    private struct CopyRowsJob : IBlockJob
    {
        public RowPartition Partition;
        public float* From, To;
        public nint FromStride, ToStride;

        public readonly void Execute(int block, Scratch scratch)
        {
            (int firstRow, int lastRow, int first, int last) = Partition[block];
            for (int row = firstRow; row < lastRow; row++)
            {
                Lanes.Copy(From + (row * FromStride) + first, To + (row * ToStride) + first, last - first);
            }
        }
    }
}
