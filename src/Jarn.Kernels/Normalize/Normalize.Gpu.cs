namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    [Traffic(reads: 1, writes: 1)]
    public void CenterAndNormalize(DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm)
    {
        geometry.Check([x, y], reciprocalNorm);
        RowsOfFour rows = new(geometry.Columns);
        CenterAndNormalizeArguments arguments = new(
            View(x), geometry.Rows, rows, (float)geometry.LargestReciprocal, View(y), View(reciprocalNorm));
        Action<CenterAndNormalizeArguments> kernel =
            rows.Aligned ? CenterAndNormalizeKernels.CenterAndNormalize<ByFours> : CenterAndNormalizeKernels.CenterAndNormalize<BySingles>;
        LaunchGroups(kernel, geometry.Rows, rows.Count, arguments);
    }

    [Traffic(reads: 2, writes: 1)]
    public void CenterAndNormalizeGradient(
        DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent, NormalizeGeometry geometry, DeviceBuffer xCotangent)
    {
        geometry.Check([y, outputCotangent, xCotangent], reciprocalNorm);
        RowsOfFour rows = new(geometry.Columns);
        CenterAndNormalizeGradientArguments arguments = new(
            View(y), View(reciprocalNorm), View(outputCotangent), geometry.Rows, rows, (float)geometry.LargestReciprocal, View(xCotangent));
        Action<CenterAndNormalizeGradientArguments> kernel =
            rows.Aligned ? CenterAndNormalizeKernels.CenterAndNormalizeGradient<ByFours> : CenterAndNormalizeKernels.CenterAndNormalizeGradient<BySingles>;
        LaunchGroups(kernel, geometry.Rows, rows.Count, arguments);
    }
}
