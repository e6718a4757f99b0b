using System.Collections.Concurrent;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

public sealed class ConvolutionTests(TestDevice device) : FastDeviceFixture(device)
{
    /// <summary>Kept, and with them what the reference computes: every device is asked for the same.</summary>
    private static readonly ConcurrentDictionary<ConvolutionGeometry, Call> Forwards = [], InputGradients = [], FilterGradients = [];

    [TestCaseSource(typeof(Convolutions), nameof(Convolutions.Cases))]
    public void Convolution_agrees_with_the_reference(ConvolutionGeometry g) =>
        Conformance.Check(Device, ForwardOf(g), Tolerance.Convolution(Device, g, backward: false));

    [TestCaseSource(typeof(Convolutions), nameof(Convolutions.Cases))]
    public void Its_input_gradient_agrees_with_the_reference(ConvolutionGeometry g) =>
        Conformance.Check(Device, InputGradientOf(g), Tolerance.Convolution(Device, g, backward: true));

    [TestCaseSource(typeof(Convolutions), nameof(Convolutions.Cases))]
    public void Its_filter_gradient_agrees_with_the_reference(ConvolutionGeometry g) =>
        Conformance.Check(Device, FilterGradientOf(g), Tolerance.FilterGradient(Device, g));

    [Test]
    public void Buffers_that_cannot_be_right_are_refused()
    {
        ConvolutionGeometry geometry = ConvolutionGeometry.Same(new Shape(2, 5, 4, 3), new Shape(3, 3, 3, 7), stride: 1);
        Conformance.CheckRefusals(Device, ForwardOf(geometry));
        Conformance.CheckRefusals(Device, InputGradientOf(geometry));
        Conformance.CheckRefusals(Device, FilterGradientOf(geometry));
    }

    [Test]
    public void A_geometry_that_no_convolution_has_is_refused()
    {
        ConvolutionGeometry right = ConvolutionGeometry.Same(new Shape(1, 5, 5, 1), new Shape(3, 3, 1, 1), stride: 1);
        ConvolutionGeometry[] wrong =
        [
            right with { PadTop = -1 }, right with { StrideWidth = -1 }, right with { StrideHeight = 0 }, right with { KernelHeight = 8 },
        ];
        using DeviceBuffer image = Device.First.Allocate(25), filter = Device.First.Allocate(9);
        Assert.Multiple(() =>
        {
            foreach (ConvolutionGeometry geometry in wrong)
            {
                Assert.That(() => Device.First.Convolution(image, filter, geometry, image), Throws.InstanceOf<ArgumentException>());
                Assert.That(() => Device.First.ConvolutionInputGradient(image, filter, geometry, image), Throws.InstanceOf<ArgumentException>());
                Assert.That(() => Device.First.ConvolutionFilterGradient(image, image, geometry, filter), Throws.InstanceOf<ArgumentException>());
            }
        });
    }

    internal static Call ForwardOf(ConvolutionGeometry g) => Forwards.GetOrAdd(g, static g =>
        new([Input(g), Filter(g)], [Call.Unwritten(g.OutputLength)], (d, x, y) => d.Convolution(x[0], x[1], g, y[0])));

    internal static Call InputGradientOf(ConvolutionGeometry g) => InputGradients.GetOrAdd(g, static g =>
        new([Cotangent(g), Filter(g)], [Call.Unwritten(g.InputLength)], (d, x, y) => d.ConvolutionInputGradient(x[0], x[1], g, y[0])));

    internal static Call FilterGradientOf(ConvolutionGeometry g) => FilterGradients.GetOrAdd(g, static g =>
        new([Input(g), Cotangent(g)], [Call.Unwritten(g.FilterLength)], (d, x, y) => d.ConvolutionFilterGradient(x[0], x[1], g, y[0])));

    private static float[] Input(ConvolutionGeometry g) => Sample.Normal(g.InputLength, seed: 1);

    private static float[] Filter(ConvolutionGeometry g) => Sample.Normal(g.FilterLength, seed: 2);

    private static float[] Cotangent(ConvolutionGeometry g) => Sample.Normal(g.OutputLength, seed: 3);
}
