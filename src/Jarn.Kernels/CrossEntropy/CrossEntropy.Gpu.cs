namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void CrossEntropy(DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss)
    {
        geometry.Check([logits, labels], loss);
        CrossEntropyArguments arguments = new(View(logits), View(labels), geometry, View(loss));
        LaunchRows(CrossEntropyKernels.CrossEntropy, geometry.Rows, geometry.Columns, arguments);
    }

    public void CrossEntropyGradient(
        DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent, RowGeometry geometry, DeviceBuffer logitsCotangent)
    {
        geometry.Check([logits, labels, logitsCotangent], lossCotangent);
        CrossEntropyGradientArguments arguments = new(View(logits), View(labels), View(lossCotangent), geometry, View(logitsCotangent));
        LaunchRows(CrossEntropyKernels.CrossEntropyGradient, geometry.Rows, geometry.Columns, arguments);
    }
}
