using Jarn.Tests.Kernels;

namespace Jarn.Tests;

/// <summary>Ends the shared devices after the last test of the whole assembly, which is why it stands in the root namespace.</summary>
[SetUpFixture]
public sealed class TestDevicesTearDown
{
    [OneTimeTearDown]
    public void Dispose_all_devices()
    {
        foreach (TestDevice device in (TestDevice[])[.. TestDevices.All, .. TestDevices.TensorCores])
        {
            device.Dispose();
        }
    }
}
