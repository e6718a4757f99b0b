namespace Jarn.Kernels;

/// <remarks>Implicit matrix products: the patches are never stored, the operands compute where each element lies.</remarks>
public sealed partial class GpuDevice
{
    internal void Convolution(in ConvolutionCall call)
    {
        (DeviceBuffer input, DeviceBuffer filter, ConvolutionGeometry geometry, DeviceBuffer output) = call;
        Patches left = new(View(input), geometry);
        OuterRows right = new(View(filter), left.Terms, geometry.OutputChannels);
        Product(left, right, 1, output.Length / right.Pitch, right.Pitch, left.Terms, output);
    }

    internal void ConvolutionInputGradient(in ConvolutionInputGradientCall call)
    {
        (DeviceBuffer outputCotangent, DeviceBuffer filter, ConvolutionGeometry geometry, DeviceBuffer inputCotangent) = call;
        CotangentPatches left = new(View(outputCotangent), geometry);
        ClassFilter right = new(View(filter), geometry);
        Product(left, right, left.Parts, geometry.Batch * left.Pixels, geometry.InputChannels, left.Terms, inputCotangent);
    }

    internal void ConvolutionFilterGradient(in ConvolutionFilterGradientCall call)
    {
        (DeviceBuffer input, DeviceBuffer outputCotangent, ConvolutionGeometry geometry, DeviceBuffer filterCotangent) = call;
        Patches patches = new(View(input), geometry);
        OuterRows right = new(View(outputCotangent), outputCotangent.Length / geometry.OutputChannels, geometry.OutputChannels);
        TransposedPatches left = new(patches, right.Terms);
        Product(left, right, 1, patches.Terms, geometry.OutputChannels, left.Terms, filterCotangent);
    }
}
