using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Bench.Peers;

/// <summary>Something that Jarn and PyTorch both compute, from the same numbers.</summary>
internal abstract class PeerCase(IDevice device) : IDisposable
{
    private readonly List<(string Name, int[] Shape, DeviceBuffer Buffer)> _tensors = [];
    private uint _streams;

    protected IDevice Device { get; } = device;

    /// <summary>Does once what is timed.</summary>
    public abstract void Run();

    /// <summary>Runs once and gives inputs and outputs by name.</summary>
    public virtual IReadOnlyList<NamedTensor> Outcome()
    {
        Run();
        return [.. _tensors.Select(tensor => Named(tensor.Name, tensor.Shape, tensor.Buffer))];
    }

    public void Export(string path) => SafeTensors.Write(path, Outcome(), new Dictionary<string, string>());

    public virtual void Dispose() => _tensors.ForEach(tensor => tensor.Buffer.Dispose());

    protected static NamedTensor Named(string name, int[] shape, DeviceBuffer buffer)
    {
        float[] values = new float[buffer.Length];
        buffer.Device.Download(buffer, values);
        return new NamedTensor(name, shape, values);
    }

    /// <summary>A tensor of numbers in [−1, 1), to be exported under its name.</summary>
    protected DeviceBuffer Tensor(string name, params int[] shape)
    {
        DeviceBuffer buffer = Device.Allocate(new Shape(shape).Length);
        Device.RandomUniform(new RandomKey(1, _streams++), -1, 1, buffer);
        _tensors.Add((name, shape, buffer));
        return buffer;
    }
}
