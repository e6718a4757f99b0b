using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Updates parameters in place. It keeps its state (velocities or moments) on the device.</summary>
public abstract class Optimiser(IDevice device, IReadOnlyList<Parameter> parameters, double weightDecay) : IDisposable
{
    private readonly List<Parameter> _memory = [];

    /// <summary>The parameters that it updates.</summary>
    public IReadOnlyList<Parameter> Parameters { get; } = parameters;

    /// <summary>Velocities or moments, named after their parameters. They are part of a checkpoint.</summary>
    public IReadOnlyList<Parameter> Memory => _memory;

    /// <summary>The number of steps taken so far. It is part of a checkpoint.</summary>
    public int Iteration { get; set; }

    protected IDevice Device { get; } = device;

    /// <summary>Updates all parameters once.</summary>
    /// <param name="gradients">One gradient per parameter, in the order of the parameters.</param>
    public void Step(ReadOnlySpan<Tensor> gradients, double learningRate)
    {
        if (gradients.Length != Parameters.Count)
        {
            throw new ArgumentException($"{gradients.Length} gradients for {Parameters.Count} parameters");
        }
        Iteration++;
        for (int i = 0; i < Parameters.Count; i++)
        {
            Update(i, gradients[i].Buffer, Parameters[i].Value.Buffer, learningRate, Parameters[i].Decays ? weightDecay : 0);
        }
    }

    public void Dispose()
    {
        foreach (Parameter parameter in _memory)
        {
            parameter.Value.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    protected abstract void Update(int index, DeviceBuffer gradient, DeviceBuffer parameter, double learningRate, double weightDecay);

    /// <summary>A tensor of zeros beside every parameter.</summary>
    protected Tensor[] Remember(string name)
    {
        Tensor[] tensors = new Tensor[Parameters.Count];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new Tensor(Device, Parameters[i].Value.Shape);
            Device.Fill(0, tensors[i].Buffer);
            _memory.Add(new Parameter($"{Parameters[i].Name}.{name}", tensors[i], false));
        }
        return tensors;
    }
}
