using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>SGD with momentum and L2 weight decay.</summary>
public sealed class SgdMomentum : Optimiser
{
    private readonly double _momentum;
    private readonly Tensor[] _velocities;

    public SgdMomentum(IDevice device, IReadOnlyList<Parameter> parameters, double momentum = 0.9, double weightDecay = 0)
        : base(device, parameters, weightDecay)
    {
        _momentum = momentum;
        _velocities = Remember("velocity");
    }

    protected override void Update(int index, DeviceBuffer gradient, DeviceBuffer parameter, double learningRate, double weightDecay) =>
        Device.SgdMomentum(new SgdMomentumStep(learningRate, _momentum, weightDecay), gradient, parameter, _velocities[index].Buffer);
}
