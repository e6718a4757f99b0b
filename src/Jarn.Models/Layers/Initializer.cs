using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Draws the initial values of a network's parameters. Each parameter has its own random stream.</summary>
public class Initializer(IDevice device, ulong seed, uint network)
{
    private readonly RandomStream _stream = new(seed, RandomStream.Initialization);
    private uint _count = network << 16;

    /// <summary>The device that holds the parameters.</summary>
    public IDevice Device { get; } = device;

    /// <summary>N(0, 2/(kh·kw·out)) (He et al. 2015, fan out).</summary>
    public virtual Parameter ConvolutionWeight(string name, Shape shape)
    {
        Tensor value = new(Device, shape);
        Device.RandomNormal(_stream.At(_count++), 0, Math.Sqrt(2.0 / (shape[0] * shape[1] * shape[3])), value.Buffer);
        return new Parameter(name, value, true);
    }

    /// <summary>Uniform in ±√(3/in).</summary>
    public virtual Parameter LinearWeight(string name, int inputs, int outputs)
    {
        Tensor value = new(Device, new Shape(inputs, outputs));
        double bound = Math.Sqrt(3.0 / inputs);
        Device.RandomUniform(_stream.At(_count++), -bound, bound, value.Buffer);
        return new Parameter(name, value, true);
    }

    /// <summary>A parameter with equal values: a bias, or a parameter of batch norm. Weight decay does not apply to it.</summary>
    public virtual Parameter Constant(string name, int length, double value)
    {
        Tensor tensor = new(Device, new Shape(length));
        Device.Fill(value, tensor.Buffer);
        return new Parameter(name, tensor, false);
    }
}
