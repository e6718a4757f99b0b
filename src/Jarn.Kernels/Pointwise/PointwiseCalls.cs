namespace Jarn.Kernels;

/// <summary>y = value</summary>
public readonly record struct FillCall(double Value, DeviceBuffer Y) : IDeviceCall<FillCall>
{
    public static string Operation => "Fill";

    public CallCost Cost => CallCost.OfPasses(Y.Length, reads: 0, writes: 1);

    public void Check()
    {
    }

    public FillCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers => new(Value, buffers.Write(Y));

    public void Run(ReferenceDevice device) => device.Fill(this);

    public void Run(CpuDevice device) => device.Fill(this);

    public void Run(GpuDevice device) => device.Fill(this);
}

/// <summary>y = f(x), elementwise; y may be x.</summary>
public readonly record struct MapCall<TFunction>(TFunction Function, DeviceBuffer X, DeviceBuffer Y)
    : IDeviceCall<MapCall<TFunction>> where TFunction : unmanaged, IUnaryFunction
{
    public static string Operation { get; } = $"Map {typeof(TFunction).Name}";

    public CallCost Cost => CallCost.OfPasses(Y.Length, reads: 1, writes: 1, operations: 1);

    public void Check() => Require.SameLength(X, Y);

    public MapCall<TFunction> With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(Function, buffers.Read(X), buffers.WriteElementwise(Y, X));

    public void Run(ReferenceDevice device) => device.Map(this);

    public void Run(CpuDevice device) => device.Map(this);

    public void Run(GpuDevice device) => device.Map(this);
}

/// <summary>y[o,a,i] = f(x[o,a,i], s[o,i]): s is repeated along the middle axis; y may be x, and with an axis of 1 it may be s.</summary>
public readonly record struct ZipCall<TFunction>(TFunction Function, DeviceBuffer X, DeviceBuffer S, AxisGeometry Geometry, DeviceBuffer Y)
    : IDeviceCall<ZipCall<TFunction>> where TFunction : unmanaged, IBinaryFunction
{
    public static string Operation { get; } = $"Zip {typeof(TFunction).Name}";

    public CallCost Cost => new(Geometry.ToString(), Y.Length, (long)X.Length + S.Length, Y.Length);

    public void Check()
    {
        Geometry.Check(X, S);
        Require.SameLength(X, Y);
    }

    public ZipCall<TFunction> With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(Function, buffers.Read(X), buffers.Read(S), Geometry, buffers.WriteElementwise(Y, X));

    public void Run(ReferenceDevice device) => device.Zip(this);

    public void Run(CpuDevice device) => device.Zip(this);

    public void Run(GpuDevice device) => device.Zip(this);
}

/// <summary>A method for each call of a device.</summary>
public static partial class DeviceOperations
{
    /// <inheritdoc cref="FillCall"/>
    public static void Fill(this IDevice device, double value, DeviceBuffer y) => device.Execute(new FillCall(value, y));

    /// <inheritdoc cref="MapCall{TFunction}"/>
    public static void Map<TFunction>(
        this IDevice device, TFunction function, DeviceBuffer x, DeviceBuffer y) where TFunction : unmanaged, IUnaryFunction =>
        device.Execute(new MapCall<TFunction>(function, x, y));

    /// <inheritdoc cref="ZipCall{TFunction}"/>
    public static void Zip<TFunction>(
        this IDevice device, TFunction function, DeviceBuffer x, DeviceBuffer s,
        AxisGeometry geometry, DeviceBuffer y) where TFunction : unmanaged, IBinaryFunction =>
        device.Execute(new ZipCall<TFunction>(function, x, s, geometry, y));
}
