namespace Jarn.Kernels;

/// <summary>C = op(A)·op(B), op the transpose where the geometry says so.</summary>
public readonly record struct MatMulCall(DeviceBuffer A, DeviceBuffer B, MatMulGeometry Geometry, DeviceBuffer C) : IDeviceCall<MatMulCall>
{
    public static string Operation => "MatMul";

    public CallCost Cost => new(
        Geometry.ToString(), 2.0 * Geometry.Rows * Geometry.Inner * Geometry.Columns, (long)A.Length + B.Length, C.Length, IsProduct: true);

    public void Check() => Geometry.Check(A, B, C);

    public MatMulCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(buffers.Read(A), buffers.Read(B), Geometry, buffers.Write(C));

    public void Run(ReferenceDevice device) => device.MatMul(this);

    public void Run(CpuDevice device) => device.MatMul(this);

    public void Run(GpuDevice device) => device.MatMul(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="MatMulCall"/>
    public static void MatMul(this IDevice device, DeviceBuffer a, DeviceBuffer b, MatMulGeometry geometry, DeviceBuffer c) =>
        device.Execute(new MatMulCall(a, b, geometry, c));
}
