namespace Jarn.Kernels;

public sealed partial class GpuDevice
{
    internal void CrossEntropy(in CrossEntropyCall call)
    {
        (DeviceBuffer logits, DeviceBuffer labels, RowGeometry geometry, DeviceBuffer loss) = call;
        CrossEntropyArguments arguments = new(View(logits), View(labels), geometry, View(loss));
        LaunchRows(CrossEntropyKernels.CrossEntropy<LoneThread>, CrossEntropyKernels.CrossEntropy<WholeGroup>, geometry, arguments);
    }

    internal void CrossEntropyGradient(in CrossEntropyGradientCall call)
    {
        (DeviceBuffer logits, DeviceBuffer labels, DeviceBuffer lossCotangent, RowGeometry geometry, DeviceBuffer logitsCotangent) = call;
        CrossEntropyGradientArguments arguments = new(View(logits), View(labels), View(lossCotangent), geometry, View(logitsCotangent));
        LaunchRows(CrossEntropyKernels.CrossEntropyGradient<LoneThread>, CrossEntropyKernels.CrossEntropyGradient<WholeGroup>, geometry, arguments);
    }
}
