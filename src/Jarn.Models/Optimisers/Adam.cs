using Jarn.Autodiff;
using Jarn.Kernels;

namespace Jarn.Models;

/// <summary>Adam (Kingma and Ba 2015), β₁ = 0.9, β₂ = 0.999, ε = 1e-8, with L2 weight decay added to the gradient.</summary>
public sealed class Adam : Optimiser
{
    private readonly Tensor[] _firstMoments, _secondMoments;

    public Adam(IDevice device, IReadOnlyList<Parameter> parameters, double weightDecay = 0)
        : base(device, parameters, weightDecay)
    {
        _firstMoments = Remember("first_moment");
        _secondMoments = Remember("second_moment");
    }

    protected override void Update(int index, DeviceBuffer gradient, DeviceBuffer parameter, double learningRate, double weightDecay) =>
        Device.Adam(
            new AdamStep(learningRate, Iteration, weightDecay), gradient, parameter, _firstMoments[index].Buffer, _secondMoments[index].Buffer);
}
