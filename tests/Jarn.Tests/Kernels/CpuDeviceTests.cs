using System.Runtime.Intrinsics;
using Jarn.Kernels;

namespace Jarn.Tests.Kernels;

/// <summary>What the CPU device promises beyond the contract of all devices.</summary>
public sealed class CpuDeviceTests
{
    private const int Outer = 40, Channels = 37, Samples = 2000;

    private static readonly int[] Threads = [1, 2, 3];

    /// <summary>A call of each family, long enough to be divided into several blocks.</summary>
    private static IEnumerable<TestCaseData> Families()
    {
        int length = Samples * Channels;
        float[] x = Sample.Normal(length, seed: 1), s = Sample.Normal(length, seed: 2), channel = Sample.Normal(Channels, seed: 3);
        float[] sample = Sample.Normal(Samples, seed: 7);
        ConvolutionGeometry small = ConvolutionGeometry.Same(new Shape(40, 6, 6, 20), new Shape(5, 5, 20, 33), stride: 5);
        ConvolutionGeometry large = ConvolutionGeometry.Same(new Shape(3, 28, 28, 3), new Shape(4, 4, 3, 17), stride: 2);
        foreach (ConvolutionGeometry g in new[] { small, large })
        {
            float[] input = Sample.Normal(g.InputLength, seed: 4), filter = Sample.Normal(g.FilterLength, seed: 5);
            float[] output = Sample.Normal(g.OutputLength, seed: 6);
            yield return Case($"convolution {g.InputShape}", [input, filter], [g.OutputLength], (d, i, o) => d.Convolution(i[0], i[1], g, o[0]));
            yield return Case(
                $"input gradient {g.InputShape}", [output, filter], [g.InputLength], (d, i, o) => d.ConvolutionInputGradient(i[0], i[1], g, o[0]));
            yield return Case(
                $"filter gradient {g.InputShape}", [input, output], [g.FilterLength], (d, i, o) => d.ConvolutionFilterGradient(i[0], i[1], g, o[0]));
        }
        MatMulGeometry product = new(Channels, Channels, Samples, TransposeA: true);
        MatMulGeometry column = new(Samples, 1, Channels);
        BatchNormGeometry norm = new(Samples, Channels, 1e-5, 0.1);
        AxisGeometry axis = new(1, Samples, Channels);
        WindowGeometry window = new(Outer, Samples / Outer, Channels, 3, 20);
        PoolGeometry pool = new(Outer, 10, 5, Channels, 2);
        RowGeometry rows = new(Samples, Channels);
        NormalizeGeometry normalize = new(Samples, Channels, 1e-6);
        BatchNormGradientInputs Inputs(DeviceBuffer[] i) => new(i[0], i[2], i[1], i[2], i[2], i[2]);
        yield return Case("matrix product", [x, s], [Channels * Channels], (d, i, o) => d.MatMul(i[0], i[1], product, o[0]));
        yield return Case("matrix times vector", [x, channel], [Samples], (d, i, o) => d.MatMul(i[0], i[1], column, o[0]));
        yield return Case("map", [x], [length], (d, i, o) => d.Map(new HyperbolicTangent(), i[0], o[0]));
        yield return Case("zip", [x, channel], [length], (d, i, o) => d.Zip(new Multiply(), i[0], i[1], axis, o[0]));
        yield return Case("sum", [x], [Channels], (d, i, o) => d.Sum(i[0], axis, o[0]));
        yield return Case("broadcast", [channel], [length], (d, i, o) => d.Broadcast(i[0], axis, o[0]));
        yield return Case("slice", [x], [window.WindowLength], (d, i, o) => d.Slice(i[0], window, o[0]));
        yield return Case(
            "batch norm", [x, channel], [length, Channels, Channels], (d, i, o) => d.BatchNorm(i[0], i[1], i[1], norm, o[0], o[1], o[2]));
        yield return Case("batch norm's gradient", [x, s, channel], [length, Channels, Channels],
            (d, i, o) => d.BatchNormGradient(Inputs(i), norm, o[0], o[1], o[2]));
        yield return Case("batch norm's second gradient", [x, s, channel], [length, Channels, length],
            (d, i, o) => d.BatchNormGradientGradient(Inputs(i), new BatchNormSecondCotangents(i[0], i[2], i[2]), norm, o[0], o[1], o[2]));
        yield return Case("pool", [x], [pool.OutputShape.Length], (d, i, o) => d.AveragePool(i[0], pool, o[0]));
        yield return Case("softmax", [x], [length], (d, i, o) => d.Softmax(i[0], rows, o[0]));
        yield return Case("softmax's gradient", [x, s], [length], (d, i, o) => d.SoftmaxGradient(i[0], i[1], rows, o[0]));
        yield return Case("cross-entropy", [x, s], [Samples], (d, i, o) => d.CrossEntropy(i[0], i[1], rows, o[0]));
        yield return Case("cross-entropy's gradient", [x, s, sample], [length], (d, i, o) => d.CrossEntropyGradient(i[0], i[1], i[2], rows, o[0]));
        yield return Case("centre and normalise", [x], [length, Samples], (d, i, o) => d.CenterAndNormalize(i[0], normalize, o[0], o[1]));
        yield return Case("centre and normalise's gradient", [x, sample, s], [length],
            (d, i, o) => d.CenterAndNormalizeGradient(i[0], i[1], i[2], normalize, o[0]));
        yield return Case("random", [], [length], (d, i, o) => d.RandomNormal(new RandomKey(1, 2), 0, 1, o[0]));
        yield return Case("update", [x, s], [length], (d, i, o) => d.PgdStep(new PgdStep(0.1, 0.3), i[0], i[1], i[0], o[0]));
    }

    [TestCaseSource(nameof(Families))]
    public void The_number_of_threads_changes_no_bit(float[][] inputs, int[] outputs, Action<IDevice, DeviceBuffer[], DeviceBuffer[]> call)
    {
        float[][] one = Run(1);
        Assert.That(one.SelectMany(values => values), Has.Some.Not.Zero);
        foreach (int threads in Threads)
        {
            float[][] many = Run(threads);
            for (int o = 0; o < one.Length; o++)
            {
                Assert.That(
                    many[o].Select(BitConverter.SingleToInt32Bits), Is.EqualTo(one[o].Select(BitConverter.SingleToInt32Bits)),
                    $"{threads} threads, output {o}");
            }
        }

        float[][] Run(int threads)
        {
            using CpuDevice device = new(threads);
            DeviceBuffer[] i = [.. inputs.Select(values => Uploaded(device, values))], o = [.. outputs.Select(device.Allocate)];
            call(device, i, o);
            return [.. o.Select(buffer =>
            {
                float[] values = new float[buffer.Length];
                device.Download(buffer, values);
                return values;
            })];
        }
    }

    [Test]
    public void An_exception_of_a_worker_reaches_the_caller_and_the_workers_go_on([ValueSource(nameof(Threads))] int threads)
    {
        using CpuDevice device = new(threads);
        using DeviceBuffer x = device.Allocate(1 << 18);
        device.Fill(1, x);
        Assert.That(() => device.Map(new Failing(), x, x), Throws.InstanceOf<NotSupportedException>().With.Message.EqualTo(Failing.Message));
        float[] values = new float[x.Length];
        device.Fill(2, x);
        device.Download(x, values);
        Assert.That(values, Is.All.EqualTo(2f));
    }

    [Test]
    public void An_instruction_set_that_is_not_there_is_refused_in_a_sentence()
    {
        CpuInstructionSet[] named = [CpuInstructionSet.Avx512, CpuInstructionSet.Avx2, CpuInstructionSet.Portable];
        Assert.That(CpuDevice.SupportedInstructionSets, Does.Contain(CpuInstructionSet.Portable));
        foreach (CpuInstructionSet instructionSet in named)
        {
            if (CpuDevice.SupportedInstructionSets.Contains(instructionSet))
            {
                using CpuDevice device = new(1, instructionSet);
                Assert.That(device.InstructionSet, Is.EqualTo(instructionSet));
            }
            else
            {
                Assert.That(
                    () => new CpuDevice(1, instructionSet),
                    Throws.InstanceOf<DeviceUnavailableException>().With.Message.Contains($"has no {instructionSet}; it has"));
            }
        }
    }

    [Test]
    public void Auto_takes_the_widest_instruction_set()
    {
        using CpuDevice device = new(1);
        Assert.That(device.InstructionSet, Is.EqualTo(CpuDevice.SupportedInstructionSets[0]));
    }

    [Test]
    public void A_device_that_was_disposed_refuses_to_work()
    {
        CpuDevice device = new(2);
        DeviceBuffer x = device.Allocate(8);
        device.Dispose();
        device.Dispose();
        Assert.That(() => device.Fill(1, x), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_job_allocates_nothing_once_its_scratch_memory_is_there()
    {
        ConvolutionGeometry g = ConvolutionGeometry.Same(new Shape(16, 8, 8, 16), new Shape(3, 3, 16, 16), stride: 1);
        using CpuDevice device = new(2);
        using DeviceBuffer input = Uploaded(device, Sample.Normal(g.InputLength, seed: 1));
        using DeviceBuffer filter = Uploaded(device, Sample.Normal(g.FilterLength, seed: 2));
        using DeviceBuffer output = device.Allocate(g.OutputLength);
        Job();
        Assert.That(Allocations.Of(Job), Is.Zero);

        void Job()
        {
            device.Fill(0.5, filter);
            device.Convolution(input, filter, g, output);
            device.ConvolutionInputGradient(output, filter, g, input);
        }
    }

    [Test]
    public void Taps_that_meet_only_padding_read_no_stale_memory()
    {
        // Rows 0 to 4 of the kernel lie above the image for the first output and below it for the second.
        ConvolutionGeometry g = new(1, 2, 1, 3, 5, 5, 1, 8, 1, PadTop: 5, PadBottom: 6, PadLeft: 0, PadRight: 0);
        using CpuDevice device = new(1);
        using DeviceBuffer input = Uploaded(device, Sample.Normal(g.InputLength, seed: 1));
        using DeviceBuffer filter = Uploaded(device, Sample.Normal(g.FilterLength, seed: 2));
        using DeviceBuffer output = device.Allocate(g.OutputLength), poison = device.Allocate(g.FilterLength);
        device.Fill(double.NaN, poison);
        device.Convolution(input, poison, g with { PadTop = 0, StrideHeight = 1, PadBottom = 5 }, device.Allocate(3 * 5));
        device.Convolution(input, filter, g, output);
        float[] values = new float[g.OutputLength];
        device.Download(output, values);
        Assert.That(values, Is.All.Zero);
    }

    /// <summary>Batch norm stores outputs of 16 MB and more past the caches.</summary>
    [Test]
    public void Batch_norm_of_tensors_beyond_the_caches_is_the_references()
    {
        BatchNormData data = new(new BatchNormGeometry(Samples: 250_007, Channels: 17, Epsilon: 1e-3));
        using CpuDevice device = new(2);
        foreach (Call call in new[] { data.Forward, data.Gradient })
        {
            double[] expected = call.OnReference()[0], actual = call.On(device).Outputs[0];
            double worst = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                worst = Math.Max(worst, Math.Abs(actual[i] - expected[i]));
            }
            // Numbers of the size of 1 to 10, after some ten roundings.
            Assert.That(worst, Is.LessThan(1e-5));
        }
    }

    private static DeviceBuffer Uploaded(CpuDevice device, float[] values)
    {
        DeviceBuffer buffer = device.Allocate(values.Length);
        device.Upload(values, buffer);
        return buffer;
    }

    private static TestCaseData Case(string name, float[][] inputs, int[] outputs, Action<IDevice, DeviceBuffer[], DeviceBuffer[]> call) =>
        new TestCaseData(inputs, outputs, call).SetArgDisplayNames(name);

    /// <summary>A function that throws.</summary>
    private readonly struct Failing : IUnaryFunction
    {
        public const string Message = "no values today";

        public double Exact(double x) => throw new NotSupportedException(Message);

        public float Invoke(float x) => throw new NotSupportedException(Message);

        public Vector256<float> Invoke(Vector256<float> x) => throw new NotSupportedException(Message);
    }
}
