using System.Globalization;
using Jarn.Kernels;
using Jarn.Runner.Reporting;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn devices</c>: lists the devices that can compute.</summary>
public static class DevicesCommand
{
    public static int Run()
    {
        TextTable table = new("--device", "Name", "Memory", "Multiprocessors", "Usable");
        foreach (DeviceListing listing in Devices.List())
        {
            string kind = listing.Kind.ToString().ToLowerInvariant();
            table.AddRow(
            [
                kind,
                listing.Description?.Name ?? "-",
                listing.Description is { } description
                    ? string.Create(CultureInfo.InvariantCulture, $"{description.MemoryBytes / (double)(1L << 30):0.0} GiB")
                    : "-",
                listing.Description?.Multiprocessors.ToString(CultureInfo.InvariantCulture) ?? "-",
                listing.Obstacle is string obstacle ? $"no: {obstacle}" : "yes",
            ]);
        }
        Terminal.Output.Write(table);
        OpenedDevice opened = Devices.OpenBest();
        using IDevice best = opened.Device;
        Terminal.Output.Write(new TextLines($"--device auto selects {best.Description.Kind.ToString().ToLowerInvariant()}: {opened.Reason}."));
        return 0;
    }
}
