using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using Jarn.Kernels;
using Jarn.Runner;
using Jarn.Runner.Commands;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;
using Jarn.Tests.Data;

namespace Jarn.Tests.Runner;

/// <summary>A device whose kernels do nothing: memory is spent when it is asked for.</summary>
public sealed class OutOfMemoryTests
{
    [Test]
    public void A_device_lends_what_it_has_and_says_what_it_lacks()
    {
        using GpuDevice device = Small(room: 60_000_000);
        DeviceBuffer half = device.Allocate(8_000_000);
        Assert.That(
            () => device.Allocate(8_000_000),
            Throws.InstanceOf<DeviceMemoryException>().With.Message.EqualTo(
                "a small card has no room for another 32 MB beside the 32 MB in use here, of 60 MB in all"));
        half.Dispose();
        using DeviceBuffer other = device.Allocate(9_000_000);
        Assert.That(device.Memory.ReservedElements, Is.EqualTo(9_000_000), "what waited in the free lists made room");
    }

    [Test]
    public void A_batch_that_does_not_fit_is_answered_with_one_that_may()
    {
        using GpuDevice device = Small(room: 20_000_000);
        ImageSet images = DigitSketch.Train(64);
        TrainingConfiguration configuration = new TrainOptions { Settings = { ["batch-size"] = 64, ["epochs"] = 1 } }.Resolve(DeviceKind.Cuda);
        Dataset data = new("mnist-sketch", images, images, "nowhere", [], "drawn");
        using TemporaryFolder folder = new();
        using RunDirectory directory = RunDirectory.Create(folder["run"], "mnist-sketch", "jarn", DateTime.Now);
        using Interruption interruption = new();
        using IRunFollower follower = default(RunOutputs).Follow(directory);
        TrainingRun run = new(configuration, device, data, directory, Display.For(quiet: true), interruption, follower);
        Assert.That(
            () => run.Execute(),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("has no room")
                .And.Message.EndsWith("with --batch-size 64: --batch-size 32 needs about half as much"));
    }

    private static GpuDevice Small(long room)
    {
        Context context = Context.Create(builder => builder.CPU(CPUDeviceKind.Nvidia));
        Accelerator accelerator = context.GetCPUDevice(0).CreateAccelerator(context);
        return new GpuDevice(context, accelerator, new DeviceDescription(DeviceKind.Cuda, "a small card", room, 1, sizeof(float)), new Idle());
    }

    private sealed class Idle : IKernelLauncher
    {
        public void Launch<TArguments>(Action<TArguments> kernel, int groups, int threads, TArguments arguments)
            where TArguments : struct, IKernelArguments
        {
        }
    }
}
