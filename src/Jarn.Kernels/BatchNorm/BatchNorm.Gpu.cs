using System.Runtime.CompilerServices;

namespace Jarn.Kernels;

/// <remarks>Views are taken before workspaces: the pool might lend one the memory of a buffer that was given back, and hide the fault.</remarks>
public sealed partial class GpuDevice
{
    public void BatchNorm(DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry,
        DeviceBuffer y, DeviceBuffer mean, DeviceBuffer reciprocalDeviation)
    {
        geometry.CheckFull(x, y);
        geometry.CheckChannels(gamma, beta, mean, reciprocalDeviation);
        (ChannelWalk walk, int groups) = WalkOf(geometry);
        NormalizeArguments arguments = new(
            walk, (float)geometry.Epsilon, new LeakyRelu(geometry.Slope), View(x), View(gamma), View(beta), default, View(y), View(mean),
            View(reciprocalDeviation));
        using DeviceBuffer workspace = Workspace<Moments>(walk);
        arguments = arguments with { Moments = View(workspace).Cast<Moments>() };
        Reduce(walk.Rows, new MomentTerms(arguments.X, walk.Rows), OverSamples(walk), arguments.Moments);
        Action<NormalizeArguments> kernel = walk.Rows.Aligned ? BatchNormKernels.Normalize<ByFours> : BatchNormKernels.Normalize<BySingles>;
        _launcher.Launch(kernel, groups, MostThreads, arguments);
    }

    public void BatchNormGradient(in BatchNormGradientInputs inputs, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer betaCotangent)
    {
        inputs.Check(geometry);
        geometry.CheckFull(xCotangent);
        geometry.CheckChannels(gammaCotangent, betaCotangent);
        (ChannelWalk walk, int groups) = WalkOf(geometry);
        NormalizeGradientArguments arguments = new(
            walk, TermsOf(inputs, geometry, walk), default, View(xCotangent), View(gammaCotangent), View(betaCotangent));
        using DeviceBuffer workspace = Workspace<GradientSums>(walk);
        arguments = arguments with { Sums = View(workspace).Cast<GradientSums>() };
        Reduce(walk.Rows, arguments.Inputs, OverSamples(walk), arguments.Sums);
        Action<NormalizeGradientArguments> kernel = walk.Rows.Aligned ? BatchNormKernels.NormalizeGradient<ByFours> : BatchNormKernels.NormalizeGradient<BySingles>;
        _launcher.Launch(kernel, groups, MostThreads, arguments);
    }

    public void BatchNormGradientGradient(in BatchNormGradientInputs inputs, in BatchNormSecondCotangents cotangents, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent)
    {
        inputs.Check(geometry);
        cotangents.Check(geometry);
        geometry.CheckFull(xCotangent, outputCotangentCotangent);
        geometry.CheckChannels(gammaCotangent);
        (ChannelWalk walk, int groups) = WalkOf(geometry);
        NormalizeSecondArguments arguments = new(
            walk, new SecondTerms(TermsOf(inputs, geometry, walk), View(cotangents.X)), View(cotangents.Gamma), View(cotangents.Beta), default,
            View(xCotangent), View(gammaCotangent), View(outputCotangentCotangent));
        using DeviceBuffer workspace = Workspace<SecondSums>(walk);
        arguments = arguments with { Sums = View(workspace).Cast<SecondSums>() };
        Reduce(walk.Rows, arguments.Inputs, OverSamples(walk), arguments.Sums);
        Action<NormalizeSecondArguments> kernel = walk.Rows.Aligned ? BatchNormKernels.NormalizeSecond<ByFours> : BatchNormKernels.NormalizeSecond<BySingles>;
        _launcher.Launch(kernel, groups, MostThreads, arguments);
    }

    private GradientTerms TermsOf(in BatchNormGradientInputs inputs, BatchNormGeometry geometry, ChannelWalk walk) => new(
        walk.Rows, View(inputs.X), View(inputs.OutputCotangent), View(inputs.Mean), View(inputs.ReciprocalDeviation), View(inputs.Gamma),
        View(inputs.Beta), new LeakyReluGradient(geometry.Slope));

    /// <summary>For one TSums for each four channels.</summary>
    private DeviceBuffer Workspace<TSums>(ChannelWalk walk) => Allocate(walk.Rows.Count * Unsafe.SizeOf<TSums>() / sizeof(float));

    private static AxisGeometry OverSamples(ChannelWalk walk) => new(1, walk.Samples, walk.Rows.Count);

    private (ChannelWalk Walk, int Groups) WalkOf(BatchNormGeometry geometry)
    {
        RowsOfFour rows = new(geometry.Channels);
        ChannelWalk walk = new(geometry.Samples, rows, PowerOfTwo(rows.Count, MostLanes));
        int along = DivideUp(geometry.Samples, MostThreads / walk.Lanes);
        return (walk, walk.Blocks * Math.Clamp(MostGroups / walk.Blocks, 1, along));
    }
}
