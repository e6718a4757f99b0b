using ILGPU.Runtime.Cuda;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>Finding devices, on any machine.</summary>
public sealed class DevicesTests
{
    [Test]
    public void Every_kind_is_listed_with_a_device_or_an_obstacle()
    {
        IReadOnlyList<DeviceListing> listings = Devices.List();
        Assert.That(listings.Select(listing => listing.Kind).Distinct(), Is.EquivalentTo(Enum.GetValues<DeviceKind>()));
        Assert.That(listings,
            Has.All.Matches<DeviceListing>(listing => listing.IsUsable ? listing.Description is not null : listing.Obstacle!.Contains(' ')));
    }

    [Test]
    public void What_is_listed_as_missing_does_not_open()
    {
        foreach (IGrouping<DeviceKind, DeviceListing> kind in Devices.List().GroupBy(listing => listing.Kind)
            .Where(kind => !kind.Any(listing => listing.IsUsable)))
        {
            Assert.That(() => Devices.Open(kind.Key), Throws.TypeOf<DeviceUnavailableException>().With.Message.Contains(kind.First().Obstacle!));
        }
    }

    [TestCase(null, null, MatMulPrecision.Float32)]
    [TestCase(7.5, null, MatMulPrecision.Float32)]
    [TestCase(8.0, null, MatMulPrecision.TF32)]
    [TestCase(9.0, null, MatMulPrecision.TF32)]
    [TestCase(8.0, MatMulPrecision.Float32, MatMulPrecision.Float32)]
    [TestCase(8.6, MatMulPrecision.TF32, MatMulPrecision.TF32)]
    [TestCase(7.5, MatMulPrecision.TF32, null)]
    [TestCase(null, MatMulPrecision.TF32, null)]
    public void TF32_takes_tensor_cores(double? capability, MatMulPrecision? asked, MatMulPrecision? expected)
    {
        CudaArchitecture? architecture = capability is double number ? new CudaArchitecture((int)number, (int)Math.Round(10 * number) % 10) : null;
        MatMulPrecision Choose() => GpuPlatform.Precision("Turing", architecture, asked);
        if (expected is null)
        {
            Assert.That(Choose, Throws.TypeOf<DeviceUnavailableException>().With.Message.StartsWith("Turing can't multiply in TF32"));
        }
        else
        {
            Assert.That(Choose(), Is.EqualTo(expected));
        }
    }

    [Test]
    public void No_device_without_tensor_cores_opens_in_TF32()
    {
        foreach (DeviceKind kind in Enum.GetValues<DeviceKind>().Where(kind => kind != DeviceKind.Cuda))
        {
            Assert.That(() => Devices.Open(kind, precision: MatMulPrecision.TF32), Throws.TypeOf<DeviceUnavailableException>(), $"{kind}");
        }
        Assert.That(() => Devices.OpenBest(precision: MatMulPrecision.TF32).Device.Description.MatMulPrecision,
            Devices.List().Any(listing => listing.Description is { MatMulPrecision: MatMulPrecision.TF32 })
                ? Is.EqualTo(MatMulPrecision.TF32) : Throws.TypeOf<DeviceUnavailableException>());
    }

    [Test]
    public void The_best_device_is_a_GPU_or_the_CPU_device_and_says_why()
    {
        OpenedDevice best = Devices.OpenBest();
        using IDevice device = best.Device;
        Assert.That(device.Description.Kind, Is.AnyOf(DeviceKind.Cuda, DeviceKind.OpenCL, DeviceKind.Cpu));
        Assert.That(best.Reason, Does.StartWith("it is the fastest one available"));
        Assert.That(device.Description.Kind == DeviceKind.Cuda || best.Reason.Contains("no Cuda:"), best.Reason);
    }
}
