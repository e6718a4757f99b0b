using System.Runtime.ExceptionServices;
using Jarn.Kernels;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments.Training;

/// <summary>
/// Images in given orders, batch by batch. A thread assembles the next batch in host memory while the device computes on the last: which
/// images are in a batch, and what an augmentation makes of them, depends on the orders alone, and an exception of that thread is thrown by the call
/// that would have had its batch.
/// </summary>
public sealed class BatchLoader : IDisposable
{
    private readonly IDevice _device;
    private readonly ImageSet _images;
    private readonly int _batchSize, _skip, _replays;
    private readonly HostBatch[] _hosts;
    private readonly SemaphoreSlim _empty, _filled;
    private readonly Thread _assembler;
    private readonly List<Batch> _batches = [];
    private int _taken, _steps;
    private Batch? _current;
    private volatile bool _stopping;

    /// <param name="device">The device that receives the batches.</param>
    /// <param name="images">The images that the batches are made of.</param>
    /// <param name="batchSize">Images a batch; the last one of each order may have fewer.</param>
    /// <param name="orders">Indices of images, enumerated on the loader's thread: one array an epoch.</param>
    /// <param name="augmentation">Changes the images at random; null for no change.</param>
    /// <param name="skip">Calls of <see cref="Next"/> that were made already, by a loader before this one.</param>
    /// <param name="replays">So many calls in a row give the same batch.</param>
    public BatchLoader(
        IDevice device, ImageSet images, int batchSize, IEnumerable<int[]> orders, CropAndFlip? augmentation = null, int skip = 0,
        int replays = 1)
    {
        (_device, _images, _batchSize, _skip, _replays, _steps) = (device, images, batchSize, skip / replays, replays, skip);
        _hosts = [new HostBatch(images, batchSize, augmentation), new HostBatch(images, batchSize, augmentation)];
        (_empty, _filled) = (new SemaphoreSlim(_hosts.Length), new SemaphoreSlim(0));
        _assembler = new Thread(() => Assemble(orders)) { IsBackground = true, Name = "batch assembly" };
        _assembler.Start();
    }

    /// <summary>The next batch; the loader owns it, and it is valid until the next call.</summary>
    /// <exception cref="InvalidOperationException">All batches were taken.</exception>
    public Batch Next()
    {
        if (_steps++ % _replays > 0 && _current is not null)
        {
            return _current;
        }
        _filled.Wait();
        HostBatch host = _hosts[_taken++ % _hosts.Length];
        host.Failure?.Throw();
        Batch batch = _current = OfCount(host.Count);
        _device.Upload(host.Pixels, batch.Images.Buffer);
        _device.Upload(host.Labels, batch.Labels.Buffer);
        _empty.Release();
        return batch;
    }

    public void Dispose()
    {
        _stopping = true;
        _empty.Release();
        _assembler.Join();
        _batches.ForEach(batch => batch.Dispose());
        _empty.Dispose();
        _filled.Dispose();
    }

    private Batch OfCount(int count)
    {
        foreach (Batch batch in _batches)
        {
            if (batch.Count == count)
            {
                return batch;
            }
        }
        _batches.Add(new Batch(_device, _images, count));
        return _batches[^1];
    }

    private void Assemble(IEnumerable<int[]> orders)
    {
        using IEnumerator<ReadOnlyMemory<int>> indices = Batches(orders).GetEnumerator();
        ulong place = 0;
        for (int number = 0; number < _skip && indices.MoveNext(); number++)
        {
            place += (ulong)indices.Current.Length;
        }
        for (int number = 0; ; number++)
        {
            _empty.Wait();
            if (_stopping)
            {
                return;
            }
            HostBatch host = _hosts[number % _hosts.Length];
            try
            {
                host.Fill(indices.MoveNext() ? indices.Current.Span : throw new InvalidOperationException("all batches were taken"), place);
                place += (ulong)host.Count;
            }
            catch (Exception exception)
            {
                host.Failure = ExceptionDispatchInfo.Capture(exception);
            }
            _filled.Release();
        }
    }

    private IEnumerable<ReadOnlyMemory<int>> Batches(IEnumerable<int[]> orders)
    {
        foreach (int[] order in orders)
        {
            for (int first = 0; first < order.Length; first += _batchSize)
            {
                yield return order.AsMemory(first, Math.Min(_batchSize, order.Length - first));
            }
        }
    }

    /// <summary>Memory that the loader's thread fills and the device's thread uploads, in turns.</summary>
    private sealed class HostBatch(ImageSet images, int capacity, CropAndFlip? augmentation)
    {
        private readonly float[] _pixels = new float[capacity * images.PixelsPerImage], _labels = new float[capacity * images.ClassCount];

        public int Count { get; private set; }

        /// <summary>Why there is no batch.</summary>
        public ExceptionDispatchInfo? Failure { get; set; }

        public ReadOnlySpan<float> Pixels => _pixels.AsSpan(0, Count * images.PixelsPerImage);

        public ReadOnlySpan<float> Labels => _labels.AsSpan(0, Count * images.ClassCount);

        /// <param name="indices">The indices of the batch's images.</param>
        /// <param name="place">How many images the training saw before this batch, over all epochs.</param>
        public void Fill(ReadOnlySpan<int> indices, ulong place)
        {
            Count = indices.Length;
            Span<float> pixels = _pixels.AsSpan(0, Count * images.PixelsPerImage);
            images.Fill(indices, pixels, _labels.AsSpan(0, Count * images.ClassCount));
            for (int i = 0; augmentation is not null && i < Count; i++)
            {
                augmentation.Apply(pixels.Slice(i * images.PixelsPerImage, images.PixelsPerImage), place + (ulong)i);
            }
        }
    }
}
