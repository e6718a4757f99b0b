using Jarn.Kernels;

namespace Jarn.Bench.Peers;

/// <summary>Batch norm with a leaky ReLU(0.1) behind it, in one of three orders.</summary>
internal sealed class BatchNormCase : PeerCase
{
    private const double Slope = 0.1, Epsilon = 1e-3;

    private readonly BatchNormGeometry _geometry;
    private readonly string _operation;
    private readonly DeviceBuffer _x, _gamma, _beta, _activated, _mean, _deviation, _outputCotangent;
    private readonly DeviceBuffer _xCotangent, _gammaCotangent, _betaCotangent, _second, _zeros, _xSecond, _gammaSecond, _outputSecond;

    public BatchNormCase(IDevice device, int samples, int channels, string operation) : base(device)
    {
        _geometry = new BatchNormGeometry(samples, channels, Epsilon, Slope);
        _operation = operation;
        DeviceBuffer Full(string name) => Tensor(name, samples, channels);
        DeviceBuffer Channels(string name) => Tensor(name, channels);
        (_x, _activated, _outputCotangent) = (Full("x"), Full("activated"), Full("output_cotangent"));
        (_xCotangent, _second, _xSecond, _outputSecond) = (Full("x_cotangent"), Full("second"), Full("x_second"), Full("output_second"));
        (_gamma, _beta, _mean, _deviation) = (Channels("gamma"), Channels("beta"), Channels("mean"), Channels("deviation"));
        (_gammaCotangent, _betaCotangent, _gammaSecond) = (Channels("gamma_cotangent"), Channels("beta_cotangent"), Channels("gamma_second"));
        _zeros = Channels("zeros");
        device.Fill(0, _zeros);
        KeepOffTheKink();
        Forward();
        Backward();
    }

    /// <summary>At the leaky ReLU's kink a rounding error would decide the slope, and the comparison: |x| ≥ ½, γ in [½, 1½), β = 0.</summary>
    private void KeepOffTheKink()
    {
        Device.Map(new Sign(), _x, _activated);
        Device.Map(new Scale(0.5), _activated, _activated);
        Device.Zip(new Add(), _x, _activated, AxisGeometry.Elementwise(_x.Length), _x);
        Device.Map(new Scale(0.5), _gamma, _gamma);
        Device.Map(new Offset(1), _gamma, _gamma);
        Device.Fill(0, _beta);
    }

    public override void Run()
    {
        switch (_operation)
        {
            case "forward":
                Forward();
                break;
            case "backward":
                Backward();
                break;
            default:
                DoubleBackward();
                break;
        }
    }

    private void Forward() => Device.BatchNorm(_x, _gamma, _beta, _geometry, _activated, _mean, _deviation);

    private void Backward() => Device.BatchNormGradient(Inputs(), _geometry, _xCotangent, _gammaCotangent, _betaCotangent);

    private void DoubleBackward() => Device.BatchNormGradientGradient(
        Inputs(), new BatchNormSecondCotangents(_second, _zeros, _zeros), _geometry, _xSecond, _gammaSecond, _outputSecond);

    private BatchNormGradientInputs Inputs() => new(_x, _gamma, _outputCotangent, _mean, _deviation, _beta);
}
