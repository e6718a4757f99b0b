namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    public void CrossEntropy(DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss)
    {
        geometry.Check([logits, labels], loss);
        CrossEntropyArguments arguments = new(View(logits), View(labels), geometry, View(loss));
        LaunchRows(CrossEntropyKernels.CrossEntropy<LoneThread>, CrossEntropyKernels.CrossEntropy<WholeGroup>, geometry, arguments);
    }

    public void CrossEntropyGradient(
        DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent, RowGeometry geometry, DeviceBuffer logitsCotangent)
    {
        geometry.Check([logits, labels, logitsCotangent], lossCotangent);
        CrossEntropyGradientArguments arguments = new(View(logits), View(labels), View(lossCotangent), geometry, View(logitsCotangent));
        LaunchRows(CrossEntropyKernels.CrossEntropyGradient<LoneThread>, CrossEntropyKernels.CrossEntropyGradient<WholeGroup>, geometry, arguments);
    }
}
