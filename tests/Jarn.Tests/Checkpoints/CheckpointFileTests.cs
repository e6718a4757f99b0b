using System.Security.Cryptography;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Tests.Data;

namespace Jarn.Tests.Checkpoints;

public sealed class CheckpointFileTests
{
    private static readonly TrainingProgress Progress = new(
        "abc", "cpu: some", 3, new Dictionary<string, int> { ["one"] = 3, ["two"] = 1 }, new RunCost(1, 2, 3, 4, 5));

    private TemporaryFolder _folder = null!;
    private CpuDevice _device = null!;

    [SetUp]
    public void SetUp() => (_folder, _device) = (new TemporaryFolder(), new CpuDevice(threads: 1));

    [TearDown]
    public void TearDown()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Everything_comes_back_bit_by_bit([Values(DeviceKind.Cpu, DeviceKind.Reference)] DeviceKind kind)
    {
        using IDevice device = Devices.Open(kind, threads: 1);
        Learner[] saved = Learners(device, 1), restored = Learners(device, 2);
        CheckpointFile.Write(_folder["c"], Progress, saved);
        TrainingProgress read = CheckpointFile.Verify(_folder["c"]);
        Assert.That(read with { Iterations = Progress.Iterations }, Is.EqualTo(Progress));
        CheckpointFile.Restore(_folder["c"], restored);
        Assert.That(restored.Select(learner => learner.Optimiser.Iteration), Is.EqualTo(new[] { 3, 1 }));
        foreach (((string name, Tensor expected), (_, Tensor actual)) in saved.SelectMany(learner => learner.State)
            .Zip(restored.SelectMany(learner => learner.State)))
        {
            Assert.That(actual.ToDoubles(), Is.EqualTo(expected.ToDoubles()), name);
        }
        // The adaptor's weight and bias, both with two moments or a velocity.
        Assert.That(saved.SelectMany(learner => learner.State).Select(tensor => tensor.Name).Distinct().Count(), Is.EqualTo(6 + 4));
    }

    [Test]
    public void It_is_a_safetensors_file_with_a_checksum_at_its_end()
    {
        CheckpointFile.Write(_folder["c"], Progress, Learners(_device, 1));
        byte[] file = File.ReadAllBytes(_folder["c"]);
        Assert.That(SafeTensors.Read(_folder["c"]).Tensors[^1].Name, Is.EqualTo("checksum"));
        Assert.That(file[^32..], Is.EqualTo(SHA256.HashData(file.AsSpan(0, file.Length - 32))));
    }

    [TestCase(float.NaN)]
    [TestCase(float.NegativeInfinity)]
    public void What_is_no_number_overwrites_nothing(float value)
    {
        Learner[] learners = Learners(_device, 1);
        CheckpointFile.Write(_folder["c"], Progress, learners);
        byte[] good = File.ReadAllBytes(_folder["c"]);
        Parameter velocity = learners[1].Optimiser.Memory[0];
        float[] values = velocity.Value.ToArray();
        values[^1] = value;
        _device.Upload(values, velocity.Value.Buffer);
        Assert.That(
            () => CheckpointFile.Write(_folder["c"], Progress, learners),
            Throws.InstanceOf<NonFiniteStateException>().With.Message.Contains("two.conv.weight.velocity"));
        Assert.That(File.ReadAllBytes(_folder["c"]), Is.EqualTo(good));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Other_tensors_are_refused()
    {
        Learner[] learners = Learners(_device, 1);
        CheckpointFile.Write(_folder["c"], Progress, learners);
        Assert.That(
            () => CheckpointFile.Restore(_folder["c"], [learners[0]]),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("two.conv.weight that this training does not use"));
        Assert.That(
            () => CheckpointFile.Restore(_folder["c"], [.. learners, learners[0] with { Name = "three" }]),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("no tensor three.conv.weight of shape 1×1×2×2"));
    }

    [Test]
    public void Any_mutation_is_refused_unless_its_checksum_is_right_and_then_read_or_refused([Values] bool summed)
    {
        Learner[] learners = Learners(_device, 1);
        CheckpointFile.Write(_folder["c"], Progress, learners);
        byte[] whole = File.ReadAllBytes(_folder["c"]);
        Random random = new(6);
        int refused = 0, trials = 2000;
        for (int trial = 0; trial < trials; trial++)
        {
            byte[] mutant = Mutation.Of(whole, random, headerLength: whole.Length - 200);
            if (summed && mutant.Length >= 32)
            {
                SHA256.HashData(mutant.AsSpan(0, mutant.Length - 32)).CopyTo(mutant, mutant.Length - 32);
            }
            File.WriteAllBytes(_folder["m"], mutant);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                CheckpointFile.Verify(_folder["m"]);
                CheckpointFile.Restore(_folder["m"], learners);
                Assert.That(summed || mutant.AsSpan().SequenceEqual(whole), "its checksum is wrong");
            }
            catch (UserErrorException)
            {
                refused++;
            }
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        }
        Assert.That(refused, Is.InRange(summed ? trials / 4 : trials * 9 / 10, trials));
    }

    private static Learner[] Learners(IDevice device, ulong seed)
    {
        Adaptor one = new(new Initializer(device, seed, 0), 2), two = new(new Initializer(device, seed, 1), 2);
        Learner[] learners = [new("one", one, new Adam(device, one.Parameters)), new("two", two, new SgdMomentum(device, two.Parameters))];
        uint key = 0;
        foreach ((_, Tensor value) in learners.SelectMany(learner => learner.State))
        {
            device.RandomNormal(new RandomKey(seed, key++), 0, 1, value.Buffer);
        }
        return learners;
    }
}
