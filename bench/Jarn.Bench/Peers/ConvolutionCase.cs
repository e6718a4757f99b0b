using Jarn.Kernels;

namespace Jarn.Bench.Peers;

/// <summary>One of the three convolution kernels.</summary>
internal sealed class ConvolutionCase : PeerCase
{
    private readonly ConvolutionGeometry _geometry;
    private readonly string _operation;
    private readonly DeviceBuffer _input, _filter, _output;

    public ConvolutionCase(IDevice device, Layer layer, string operation) : base(device)
    {
        _geometry = layer.Geometry;
        _operation = operation;
        _input = Tensor("input", _geometry.InputShape.ToArray());
        _filter = Tensor("filter", _geometry.FilterShape.ToArray());
        _output = Tensor("output", _geometry.OutputShape.ToArray());
    }

    public override void Run()
    {
        switch (_operation)
        {
            case "forward":
                Device.Convolution(_input, _filter, _geometry, _output);
                break;
            case "input-gradient":
                Device.ConvolutionInputGradient(_output, _filter, _geometry, _input);
                break;
            default:
                Device.ConvolutionFilterGradient(_input, _output, _geometry, _filter);
                break;
        }
    }
}
