using System.Runtime.CompilerServices;
using ILGPU;

namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void BatchNorm(DeviceBuffer x, DeviceBuffer gamma, DeviceBuffer beta, BatchNormGeometry geometry,
        DeviceBuffer y, DeviceBuffer mean, DeviceBuffer reciprocalDeviation)
    {
        geometry.CheckFull(x, y);
        geometry.CheckChannels(gamma, beta, mean, reciprocalDeviation);
        Sum(x, OverSamples(geometry), mean);
        Map(new Scale(1.0 / geometry.Samples), mean, mean);
        using DeviceBuffer squares = Allocate(geometry.Channels);
        Reduce(new CenteredSquares(View(x), View(mean)), OverSamples(geometry), View(squares).Cast<SingleSum>());
        (ChannelWalk walk, int groups) = WalkOf(geometry);
        Launch(BatchNormKernels.Normalize, groups, MostThreads, new NormalizeArguments(
            walk, (float)geometry.Epsilon, View(x), View(gamma), View(beta), View(mean), View(squares), View(y), View(reciprocalDeviation)));
    }

    public void BatchNormGradient(in BatchNormGradientInputs inputs, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer betaCotangent)
    {
        inputs.Check(geometry);
        geometry.CheckFull(xCotangent);
        geometry.CheckChannels(gammaCotangent, betaCotangent);
        GradientTerms terms = TermsOf(inputs);
        using DeviceBuffer workspace = Allocate(geometry.Channels * Unsafe.SizeOf<GradientSums>() / sizeof(float));
        ArrayView<GradientSums> sums = View(workspace).Cast<GradientSums>();
        Reduce(terms, OverSamples(geometry), sums);
        (ChannelWalk walk, int groups) = WalkOf(geometry);
        Launch(BatchNormKernels.NormalizeGradient, groups, MostThreads, new NormalizeGradientArguments(
            walk, terms, View(inputs.Gamma), sums, View(xCotangent), View(gammaCotangent), View(betaCotangent)));
    }

    public void BatchNormGradientGradient(in BatchNormGradientInputs inputs, in BatchNormSecondCotangents cotangents, BatchNormGeometry geometry,
        DeviceBuffer xCotangent, DeviceBuffer gammaCotangent, DeviceBuffer outputCotangentCotangent)
    {
        inputs.Check(geometry);
        cotangents.Check(geometry);
        geometry.CheckFull(xCotangent, outputCotangentCotangent);
        geometry.CheckChannels(gammaCotangent);
        SecondTerms terms = new(TermsOf(inputs), View(cotangents.X));
        using DeviceBuffer workspace = Allocate(geometry.Channels * Unsafe.SizeOf<SecondSums>() / sizeof(float));
        ArrayView<SecondSums> sums = View(workspace).Cast<SecondSums>();
        Reduce(terms, OverSamples(geometry), sums);
        (ChannelWalk walk, int groups) = WalkOf(geometry);
        Launch(BatchNormKernels.NormalizeSecond, groups, MostThreads, new NormalizeSecondArguments(
            walk, terms, View(inputs.Gamma), View(cotangents.Gamma), View(cotangents.Beta), sums,
            View(xCotangent), View(gammaCotangent), View(outputCotangentCotangent)));
    }

    private GradientTerms TermsOf(in BatchNormGradientInputs inputs) =>
        new(View(inputs.X), View(inputs.OutputCotangent), View(inputs.Mean), View(inputs.ReciprocalDeviation));

    private static AxisGeometry OverSamples(BatchNormGeometry geometry) => new(1, geometry.Samples, geometry.Channels);

    private (ChannelWalk Walk, int Groups) WalkOf(BatchNormGeometry geometry)
    {
        ChannelWalk walk = new(geometry.Samples, geometry.Channels, PowerOfTwo(geometry.Channels, MostLanes));
        int along = DivideUp(geometry.Samples, MostThreads / walk.Lanes);
        return (walk, walk.Blocks * Math.Clamp(MostGroups / walk.Blocks, 1, along));
    }
}
