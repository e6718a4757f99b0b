using System.Runtime.CompilerServices;

namespace Jarn.Kernels;

/// <remarks>Views are taken before workspaces: the pool might lend one the memory of a buffer that was given back, and hide the fault.</remarks>
public sealed partial class GpuDevice
{
    internal void BatchNorm(in BatchNormCall call)
    {
        (DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry, DeviceBuffer y, DeviceBuffer mean,
            DeviceBuffer reciprocalDeviation) = call;
        ChannelWalk walk = WalkOf(geometry);
        NormalizeArguments arguments = new(
            walk, (float)geometry.Epsilon, new LeakyRelu(geometry.Slope), View(x), View(gamma), View(beta), default, View(y), View(mean),
            View(reciprocalDeviation));
        using DeviceBuffer workspace = Workspace<Moments>(walk);
        arguments = arguments with { Moments = View(workspace).Cast<Moments>() };
        Reduce(walk.Rows, new MomentTerms(arguments.X, walk.Rows), OverSamples(walk), arguments.Moments);
        Action<NormalizeArguments> kernel = walk.Rows.Aligned ? BatchNormKernels.Normalize<ByFours> : BatchNormKernels.Normalize<BySingles>;
        LaunchWalk(kernel, walk, BatchNormKernels.NormalizeGroups, arguments);
    }

    internal void BatchNormGradient(in BatchNormGradientCall call)
    {
        (BatchNormGradientInputs inputs, BatchNormGeometry geometry, DeviceBuffer xCotangent, DeviceBuffer gammaCotangent,
            DeviceBuffer betaCotangent) = call;
        ChannelWalk walk = WalkOf(geometry);
        NormalizeGradientArguments arguments = new(
            walk, TermsOf(inputs, geometry, walk), default, View(xCotangent), View(gammaCotangent), View(betaCotangent));
        using DeviceBuffer workspace = Workspace<GradientSums>(walk);
        arguments = arguments with { Sums = View(workspace).Cast<GradientSums>() };
        Reduce(walk.Rows, arguments.Inputs, OverSamples(walk), arguments.Sums);
        Action<NormalizeGradientArguments> kernel =
            walk.Rows.Aligned ? BatchNormKernels.NormalizeGradient<ByFours> : BatchNormKernels.NormalizeGradient<BySingles>;
        LaunchWalk(kernel, walk, BatchNormKernels.NormalizeGradientGroups, arguments);
    }

    internal void BatchNormGradientGradient(in BatchNormGradientGradientCall call)
    {
        (BatchNormGradientInputs inputs, BatchNormSecondCotangents cotangents, BatchNormGeometry geometry, DeviceBuffer xCotangent,
            DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent) = call;
        ChannelWalk walk = WalkOf(geometry);
        NormalizeSecondArguments arguments = new(
            walk, new SecondTerms(TermsOf(inputs, geometry, walk), View(cotangents.X)), View(cotangents.Gamma), View(cotangents.Beta), default,
            View(xCotangent), View(gammaCotangent), View(outputCotangentCotangent));
        using DeviceBuffer workspace = Workspace<SecondSums>(walk);
        arguments = arguments with { Sums = View(workspace).Cast<SecondSums>() };
        Reduce(walk.Rows, arguments.Inputs, OverSamples(walk), arguments.Sums);
        Action<NormalizeSecondArguments> kernel =
            walk.Rows.Aligned ? BatchNormKernels.NormalizeSecond<ByFours> : BatchNormKernels.NormalizeSecond<BySingles>;
        LaunchWalk(kernel, walk, BatchNormKernels.NormalizeSecondGroups, arguments);
    }

    private GradientTerms TermsOf(in BatchNormGradientInputs inputs, BatchNormGeometry geometry, ChannelWalk walk) => new(
        walk.Rows, View(inputs.X), View(inputs.OutputCotangent), View(inputs.Mean), View(inputs.ReciprocalDeviation), View(inputs.Gamma),
        View(inputs.Beta), new LeakyReluGradient(geometry.Slope));

    /// <summary>Memory for one TSums per four channels.</summary>
    private DeviceBuffer Workspace<TSums>(ChannelWalk walk) => Allocate(walk.Rows.Count * Unsafe.SizeOf<TSums>() / sizeof(float));

    private static AxisGeometry OverSamples(ChannelWalk walk) => new(1, walk.Samples, walk.Rows.Count);

    private static ChannelWalk WalkOf(BatchNormGeometry geometry)
    {
        RowsOfFour rows = new(geometry.Channels);
        return new ChannelWalk(geometry.Samples, rows, PowerOfTwo(rows.Count, MostLanes));
    }

    /// <param name="residentGroups">
    /// The groups that a multiprocessor holds at a time. In one wave all end together, and none runs on with the memory idle.
    /// </param>
    private void LaunchWalk<TArguments>(Action<TArguments> kernel, ChannelWalk walk, int residentGroups, TArguments arguments)
        where TArguments : struct, IKernelArguments
    {
        int along = DivideUp(walk.Samples, MostThreads / walk.Lanes);
        int groups = walk.Blocks * Math.Clamp(Description.Multiprocessors * residentGroups / walk.Blocks, 1, along);
        _launcher.Launch(kernel, groups, MostThreads, arguments);
    }
}
