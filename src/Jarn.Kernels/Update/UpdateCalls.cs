namespace Jarn.Kernels;

/// <summary>velocity ← momentum·velocity + (gradient + decay·parameter); parameter ← parameter − rate·velocity</summary>
public readonly record struct SgdMomentumCall(SgdMomentumStep Step, DeviceBuffer Gradient, DeviceBuffer Parameter, DeviceBuffer Velocity)
    : IDeviceCall<SgdMomentumCall>, IParameterUpdate
{
    public static string Operation => "SgdMomentum";

    public static string? ChangesBetweenReplays => "an optimiser's learning rate";

    public CallCost Cost => CallCost.OfPasses(Parameter.Length, reads: 3, writes: 2, operations: 6);

    public void Check()
    {
        Require.SameLength(Gradient, Parameter);
        Require.SameLength(Velocity, Parameter);
    }

    public SgdMomentumCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(Step, buffers.Read(Gradient), buffers.Write(Parameter), buffers.Write(Velocity));

    public void Run(ReferenceDevice device) => device.SgdMomentum(this);

    public void Run(CpuDevice device) => device.SgdMomentum(this);

    public void Run(GpuDevice device) => device.SgdMomentum(this);
}

/// <summary>One step of Adam (Kingma and Ba 2015) on gradient + decay·parameter.</summary>
public readonly record struct AdamCall(
    AdamStep Step, DeviceBuffer Gradient, DeviceBuffer Parameter, DeviceBuffer FirstMoment, DeviceBuffer SecondMoment)
    : IDeviceCall<AdamCall>, IParameterUpdate
{
    public static string Operation => "Adam";

    public static string? ChangesBetweenReplays => "an optimiser's iteration";

    public CallCost Cost => CallCost.OfPasses(Parameter.Length, reads: 4, writes: 3, operations: 14);

    public void Check()
    {
        Require.SameLength(Gradient, Parameter);
        Require.SameLength(FirstMoment, Parameter);
        Require.SameLength(SecondMoment, Parameter);
    }

    public AdamCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(Step, buffers.Read(Gradient), buffers.Write(Parameter), buffers.Write(FirstMoment), buffers.Write(SecondMoment));

    public void Run(ReferenceDevice device) => device.Adam(this);

    public void Run(CpuDevice device) => device.Adam(this);

    public void Run(GpuDevice device) => device.Adam(this);
}

/// <summary>y = clip₀₁(clip(x + step·sign(gradient), origin − ε, origin + ε)); y may be x.</summary>
public readonly record struct PgdStepCall(PgdStep Step, DeviceBuffer X, DeviceBuffer Gradient, DeviceBuffer Origin, DeviceBuffer Y)
    : IDeviceCall<PgdStepCall>
{
    public static string Operation => "PgdStep";

    public CallCost Cost => CallCost.OfPasses(Y.Length, reads: 3, writes: 1, operations: 8);

    public void Check()
    {
        Require.SameLength(X, Y);
        Require.SameLength(Gradient, Y);
        Require.SameLength(Origin, Y);
    }

    public PgdStepCall With<TBuffers>(TBuffers buffers) where TBuffers : ICallBuffers =>
        new(Step, buffers.Read(X), buffers.Read(Gradient), buffers.Read(Origin), buffers.WriteElementwise(Y, X));

    public void Run(ReferenceDevice device) => device.PgdStep(this);

    public void Run(CpuDevice device) => device.PgdStep(this);

    public void Run(GpuDevice device) => device.PgdStep(this);
}

public static partial class DeviceOperations
{
    /// <inheritdoc cref="SgdMomentumCall"/>
    public static void SgdMomentum(this IDevice device, SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity) =>
        device.Execute(new SgdMomentumCall(step, gradient, parameter, velocity));

    /// <inheritdoc cref="AdamCall"/>
    public static void Adam(
        this IDevice device, AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment) =>
        device.Execute(new AdamCall(step, gradient, parameter, firstMoment, secondMoment));

    /// <inheritdoc cref="PgdStepCall"/>
    public static void PgdStep(this IDevice device, PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y) =>
        device.Execute(new PgdStepCall(step, x, gradient, origin, y));
}
