using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Tests.Runner;

public sealed class BatchLoaderTests
{
    private const int BatchSize = 4;

    private readonly ImageSet _images = DigitSketch.Train(10);

    private CpuDevice _device = null!;

    [SetUp]
    public void OpenDevice() => _device = new CpuDevice(threads: 1);

    [TearDown]
    public void CloseDevice() => _device.Dispose();

    [Test]
    public void Batches_are_the_images_in_the_orders_given([Values(0, 5)] int milliseconds)
    {
        int[][] orders = [[9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [0, 2, 4, 6, 8], [1]];
        using BatchLoader loader = new(_device, _images, BatchSize, orders);
        foreach (int[] expected in orders.SelectMany(order => order.Chunk(BatchSize)))
        {
            Thread.Sleep(milliseconds);
            Batch batch = loader.Next();
            float[] pixels = new float[expected.Length * _images.PixelsPerImage], labels = new float[expected.Length * _images.ClassCount];
            _images.Fill(expected, pixels, labels);
            Assert.That(batch.Images.ToArray(), Is.EqualTo(pixels));
            Assert.That(batch.Labels.ToArray(), Is.EqualTo(labels));
        }
        Assert.That(loader.Next, Throws.InvalidOperationException.With.Message.EqualTo("all batches were taken"));
    }

    [Test]
    public void A_batch_is_given_as_often_as_asked_for_wherever_a_loader_begins([Range(0, 7)] int skip)
    {
        int[] order = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
        int[][] expected = [.. order.Chunk(BatchSize).SelectMany(batch => Enumerable.Repeat(batch, 3))];
        CropAndFlip augmentation = new(seed: 1, _images);
        using BatchLoader loader = new(_device, _images, BatchSize, [order], augmentation, skip, replays: 3);
        using BatchLoader whole = new(_device, _images, BatchSize, [order], new CropAndFlip(1, _images));
        float[][] augmented = [.. order.Chunk(BatchSize).Select(_ => whole.Next().Images.ToArray())];
        for (int call = skip; call < expected.Length; call++)
        {
            float[] labels = new float[expected[call].Length * _images.ClassCount];
            _images.Fill(expected[call], new float[expected[call].Length * _images.PixelsPerImage], labels);
            Batch batch = loader.Next();
            Assert.That(batch.Labels.ToArray(), Is.EqualTo(labels));
            Assert.That(batch.Images.ToArray(), Is.EqualTo(augmented[call / 3]));
        }
        Assert.That(loader.Next, Throws.InvalidOperationException);
    }

    [Test]
    public void An_exception_is_thrown_where_its_batch_was_due()
    {
        using BatchLoader loader = new(_device, _images, BatchSize, [[0, 1, 2, 3, 4, 5, 6, 7, 8, _images.Count]]);
        Assert.That(loader.Next().Count, Is.EqualTo(BatchSize));
        Thread.Sleep(20);
        Assert.That(loader.Next().Count, Is.EqualTo(BatchSize));
        Assert.That(loader.Next, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void It_can_be_disposed_before_its_end_and_gives_back_its_memory()
    {
        BatchLoader loader = new(_device, _images, BatchSize, Enumerable.Repeat(new[] { 0, 1, 2, 3, 4 }, int.MaxValue));
        loader.Next();
        loader.Next();
        loader.Dispose();
        Assert.That(_device.Memory.LentBuffers, Is.Zero);
    }

    [Test]
    public void A_batch_allocates_nothing_on_either_thread()
    {
        int[] order = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        List<long> allocated = new(capacity: 100);
        IEnumerable<int[]> Orders()
        {
            while (true)
            {
                allocated.Add(GC.GetAllocatedBytesForCurrentThread());
                yield return order;
            }
        }
        using BatchLoader loader = new(_device, _images, BatchSize, Orders());
        Take(30);
        Assert.That(Allocations.Of(() => Take(20)), Is.Zero);
        Assert.That(Enumerable.Range(10, 18).Min(order => allocated[order + 1] - allocated[order]), Is.Zero);

        void Take(int batches)
        {
            for (int i = 0; i < batches; i++)
            {
                loader.Next();
            }
        }
    }
}
