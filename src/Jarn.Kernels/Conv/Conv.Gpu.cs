namespace Jarn.Kernels;

/// <remarks>Implicit matrix products: the patches are never stored, the operands compute where each element lies.</remarks>
public sealed partial class GpuDevice
{
    public void Convolution(DeviceBuffer input, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer output)
    {
        geometry.Check(input, filter, output);
        Patches left = new(View(input), geometry);
        OuterRows right = new(View(filter), left.Terms, geometry.OutputChannels);
        Product(left, right, 1, output.Length / right.Pitch, right.Pitch, left.Terms, output);
    }

    public void ConvolutionInputGradient(DeviceBuffer outputCotangent, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer inputCotangent)
    {
        geometry.Check(inputCotangent, filter, outputCotangent);
        ResidueClass classes = new(geometry);
        CotangentPatches left = new(View(outputCotangent), classes);
        ClassFilter right = new(View(filter), classes, geometry.InputChannels);
        Product(left, right, classes.Classes, geometry.Batch * classes.Pixels, geometry.InputChannels, classes.MostTerms, inputCotangent);
    }

    public void ConvolutionFilterGradient(DeviceBuffer input, DeviceBuffer outputCotangent, ConvGeometry geometry, DeviceBuffer filterCotangent)
    {
        geometry.Check(input, filterCotangent, outputCotangent);
        Patches patches = new(View(input), geometry);
        TransposedPatches left = new(patches);
        OuterRows right = new(View(outputCotangent), left.Terms, geometry.OutputChannels);
        Product(left, right, 1, patches.Terms, geometry.OutputChannels, left.Terms, filterCotangent);
    }
}
