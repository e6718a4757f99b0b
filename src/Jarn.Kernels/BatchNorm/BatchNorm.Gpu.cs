using System.Runtime.CompilerServices;
using ILGPU;

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
            walk, (float)geometry.Epsilon, (float)geometry.Slope, View(x), View(gamma), View(beta), View(mean), default, View(y), View(reciprocalDeviation));
        Sum(x, OverSamples(geometry), mean);
        Map(new Scale(1.0 / geometry.Samples), mean, mean);
        using DeviceBuffer squares = Allocate(geometry.Channels);
        Reduce(new CenteredSquares(arguments.X, arguments.Mean), OverSamples(geometry), View(squares).Cast<SingleSum>());
        _launcher.Launch(BatchNormKernels.Normalize, groups, MostThreads, arguments with { Squares = View(squares) });
    }

    public void BatchNormGradient(in BatchNormGradientInputs inputs, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer betaCotangent)
    {
        inputs.Check(geometry);
        geometry.CheckFull(xCotangent);
        geometry.CheckChannels(gammaCotangent, betaCotangent);
        (ChannelWalk walk, int groups) = WalkOf(geometry);
        NormalizeGradientArguments arguments = new(
            walk, TermsOf(inputs, geometry), default, View(xCotangent), View(gammaCotangent), View(betaCotangent));
        using DeviceBuffer workspace = Allocate(geometry.Channels * Unsafe.SizeOf<GradientSums>() / sizeof(float));
        ArrayView<GradientSums> sums = View(workspace).Cast<GradientSums>();
        Reduce(arguments.Inputs, OverSamples(geometry), sums);
        _launcher.Launch(BatchNormKernels.NormalizeGradient, groups, MostThreads, arguments with { Sums = sums });
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
            walk, new SecondTerms(TermsOf(inputs, geometry), View(cotangents.X)), View(cotangents.Gamma), View(cotangents.Beta), default,
            View(xCotangent), View(gammaCotangent), View(outputCotangentCotangent));
        using DeviceBuffer workspace = Allocate(geometry.Channels * Unsafe.SizeOf<SecondSums>() / sizeof(float));
        ArrayView<SecondSums> sums = View(workspace).Cast<SecondSums>();
        Reduce(arguments.Inputs, OverSamples(geometry), sums);
        _launcher.Launch(BatchNormKernels.NormalizeSecond, groups, MostThreads, arguments with { Sums = sums });
    }

    private GradientTerms TermsOf(in BatchNormGradientInputs inputs, BatchNormGeometry geometry) => new(
        View(inputs.X), View(inputs.OutputCotangent), View(inputs.Mean), View(inputs.ReciprocalDeviation), View(inputs.Gamma), View(inputs.Beta),
        (float)geometry.Slope);

    private static AxisGeometry OverSamples(BatchNormGeometry geometry) => new(1, geometry.Samples, geometry.Channels);

    private (ChannelWalk Walk, int Groups) WalkOf(BatchNormGeometry geometry)
    {
        ChannelWalk walk = new(geometry.Samples, geometry.Channels, PowerOfTwo(geometry.Channels, MostLanes));
        int along = DivideUp(geometry.Samples, MostThreads / walk.Lanes);
        return (walk, walk.Blocks * Math.Clamp(MostGroups / walk.Blocks, 1, along));
    }
}
