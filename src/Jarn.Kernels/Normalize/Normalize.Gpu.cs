namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    internal void CenterAndNormalize(in CenterAndNormalizeCall call)
    {
        (DeviceBuffer x, NormalizeGeometry geometry, DeviceBuffer y, DeviceBuffer reciprocalNorm) = call;
        RowsOfFour rows = new(geometry.Columns);
        CenterAndNormalizeArguments arguments = new(
            View(x), geometry.Rows, rows, (float)geometry.LargestReciprocal, View(y), View(reciprocalNorm));
        Action<CenterAndNormalizeArguments> kernel =
            rows.Aligned ? CenterAndNormalizeKernels.CenterAndNormalize<ByFours> : CenterAndNormalizeKernels.CenterAndNormalize<BySingles>;
        LaunchGroups(kernel, geometry.Rows, rows.Count, arguments);
    }

    internal void CenterAndNormalizeGradient(in CenterAndNormalizeGradientCall call)
    {
        (DeviceBuffer y, DeviceBuffer reciprocalNorm, DeviceBuffer outputCotangent, NormalizeGeometry geometry, DeviceBuffer xCotangent) = call;
        RowsOfFour rows = new(geometry.Columns);
        CenterAndNormalizeGradientArguments arguments = new(
            View(y), View(reciprocalNorm), View(outputCotangent), geometry.Rows, rows, (float)geometry.LargestReciprocal, View(xCotangent));
        Action<CenterAndNormalizeGradientArguments> kernel =
            rows.Aligned
                ? CenterAndNormalizeKernels.CenterAndNormalizeGradient<ByFours>
                : CenterAndNormalizeKernels.CenterAndNormalizeGradient<BySingles>;
        LaunchGroups(kernel, geometry.Rows, rows.Count, arguments);
    }
}
