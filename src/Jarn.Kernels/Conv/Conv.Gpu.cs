namespace Jarn.Kernels;

/// <remarks>Implicit matrix products: the patches are never stored, the operands compute where each element lies.</remarks>
public sealed partial class GpuDevice
{
    public void Convolution(DeviceBuffer input, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer output)
    {
        geometry.Check(input, filter, output);
        (int pixels, int taps) = PatchExtents(geometry);
        OuterRows right = new(View(filter), geometry.OutputChannels);
        Product(PatchesOf(input, geometry), right, pixels, geometry.OutputChannels, taps, output);
    }

    public void ConvolutionInputGradient(DeviceBuffer outputCotangent, DeviceBuffer filter, ConvGeometry geometry, DeviceBuffer inputCotangent)
    {
        geometry.Check(inputCotangent, filter, outputCotangent);
        for (int row = 0; row < geometry.StrideHeight; row++)
        {
            for (int column = 0; column < geometry.StrideWidth; column++)
            {
                InputGradientOf(new ResidueClass(geometry, row, column), outputCotangent, filter, inputCotangent);
            }
        }
    }

    public void ConvolutionFilterGradient(DeviceBuffer input, DeviceBuffer outputCotangent, ConvGeometry geometry, DeviceBuffer filterCotangent)
    {
        geometry.Check(input, filterCotangent, outputCotangent);
        (int pixels, int taps) = PatchExtents(geometry);
        TransposedPatches left = new(PatchesOf(input, geometry));
        OuterRows right = new(View(outputCotangent), geometry.OutputChannels);
        Product(left, right, taps, geometry.OutputChannels, pixels, filterCotangent);
    }

    /// <summary>The classes write disjoint pixels, so that no sum is split: with a stride there are more groups than with none.</summary>
    private void InputGradientOf(ResidueClass pixels, DeviceBuffer outputCotangent, DeviceBuffer filter, DeviceBuffer inputCotangent)
    {
        ConvGeometry geometry = pixels.Geometry;
        int rows = geometry.Batch * pixels.Rows * pixels.Columns;
        if (rows == 0)
        {
            return;
        }
        CotangentPatches left = new(View(outputCotangent), geometry, geometry.OutputHeight, geometry.OutputWidth,
            pixels.FirstRow, pixels.FirstColumn, pixels.Rows, pixels.Columns, pixels.TapColumns);
        ClassFilter right = new(View(filter), geometry, pixels.RowResidue, pixels.ColumnResidue, pixels.TapColumns);
        int terms = pixels.TapRows * pixels.TapColumns * geometry.OutputChannels;
        if (rows == inputCotangent.Length / geometry.InputChannels)
        {
            Product(left, right, rows, geometry.InputChannels, terms, inputCotangent);
        }
        else
        {
            LaunchProduct(left, right, rows, geometry.InputChannels, terms, 1, View(inputCotangent));
        }
    }

    private Patches PatchesOf(DeviceBuffer input, ConvGeometry geometry) => new(View(input), geometry, geometry.OutputHeight, geometry.OutputWidth);

    private static (int Pixels, int Taps) PatchExtents(ConvGeometry geometry) => (
        geometry.OutputLength / geometry.OutputChannels, geometry.FilterLength / geometry.OutputChannels);
}
