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
        Assert.That(listings, Has.All.Matches<DeviceListing>(listing => listing.IsUsable ? listing.Description is not null : listing.Obstacle!.Contains(' ')));
    }

    [Test]
    public void What_is_listed_as_missing_does_not_open()
    {
        foreach (IGrouping<DeviceKind, DeviceListing> kind in Devices.List().GroupBy(listing => listing.Kind).Where(kind => !kind.Any(listing => listing.IsUsable)))
        {
            Assert.That(() => Devices.Open(kind.Key), Throws.TypeOf<DeviceUnavailableException>().With.Message.Contains(kind.First().Obstacle!));
        }
    }

    [Test]
    public void The_best_device_is_a_GPU_or_the_CPU_device_and_says_why()
    {
        OpenedDevice best = Devices.OpenBest();
        using IDevice device = best.Device;
        Assert.That(device.Description.Kind, Is.AnyOf(DeviceKind.Cuda, DeviceKind.OpenCL, DeviceKind.Cpu));
        Assert.That(best.Reason, Does.StartWith(device.Description.Kind.ToString()));
        Assert.That(device.Description.Kind == DeviceKind.Cuda || best.Reason.Contains("no Cuda:"), best.Reason);
    }
}
