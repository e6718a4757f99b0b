namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void CenterAndNormalize(DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm)
    {
        geometry.Check([x, y], reciprocalNorm);
        CenterAndNormalizeArguments arguments = new(
            View(x), geometry.Rows, geometry.Columns, (float)geometry.LargestReciprocal, View(y), View(reciprocalNorm));
        LaunchRows(CenterAndNormalizeKernels.CenterAndNormalize, geometry.Rows, geometry.Columns, arguments);
    }

    public void CenterAndNormalizeGradient(
        DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent, NormalizeGeometry geometry, DeviceBuffer xCotangent)
    {
        geometry.Check([y, outputCotangent, xCotangent], reciprocalNorm);
        CenterAndNormalizeGradientArguments arguments = new(
            View(y), View(reciprocalNorm), View(outputCotangent), geometry.Rows, geometry.Columns, (float)geometry.LargestReciprocal, View(xCotangent));
        LaunchRows(CenterAndNormalizeKernels.CenterAndNormalizeGradient, geometry.Rows, geometry.Columns, arguments);
    }
}
