using Jarn.Kernels;

namespace Jarn.Bench.Peers;

/// <summary>What memory bounds: a function of [samples, channels], a sum, or an optimiser's step on as many parameters.</summary>
internal sealed class ElementwiseCase : PeerCase
{
    private readonly string _operation;
    private readonly AxisGeometry _perChannel;
    private readonly DeviceBuffer _x, _s, _y, _moment, _bias, _total;

    /// <param name="operation">leaky-relu, add, add-bias, channel-sums, sgd or adam.</param>
    public ElementwiseCase(IDevice device, int samples, int channels, string operation) : base(device)
    {
        _operation = operation;
        _perChannel = new AxisGeometry(1, samples, channels);
        (_x, _s, _y) = (Tensor("x", samples, channels), Tensor("s", samples, channels), Tensor("y", samples, channels));
        _moment = Tensor("moment", samples, channels);
        // Adam takes its root.
        device.Map(new Square(), _moment, _moment);
        (_bias, _total) = (Tensor("bias", channels), Tensor("total", channels));
    }

    public override void Run()
    {
        switch (_operation)
        {
            case "leaky-relu":
                Device.Map(new LeakyRelu(0.1), _x, _y);
                break;
            case "add":
                Device.Zip(new Add(), _x, _s, AxisGeometry.Elementwise(_x.Length), _y);
                break;
            case "add-bias":
                Device.Zip(new Add(), _x, _bias, _perChannel, _y);
                break;
            case "channel-sums":
                Device.Sum(_x, _perChannel, _total);
                break;
            case "sgd":
                Device.SgdMomentum(new SgdMomentumStep(1e-3, 0.9, 2e-4), _x, _y, _s);
                break;
            case "adam":
                Device.Adam(new AdamStep(1e-3, Iteration: 10), _x, _y, _s, _moment);
                break;
            default:
                throw new ArgumentException($"no such operation: {_operation}");
        }
    }
}
