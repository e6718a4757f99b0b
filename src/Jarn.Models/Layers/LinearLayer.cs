using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>x·W + b: N×in → N×out.</summary>
public sealed class LinearLayer(Initializer initializer, string name, int inputs, int outputs)
{
    private readonly Parameter _weight = initializer.LinearWeight($"{name}.weight", inputs, outputs);
    private readonly Parameter _bias = initializer.Constant($"{name}.bias", outputs, 0);

    /// <summary>The weight [inputs, outputs] and the bias.</summary>
    public IEnumerable<Parameter> Parameters => [_weight, _bias];

    /// <summary>N×inputs → N×outputs.</summary>
    public Tensor Forward(Tape tape, Tensor x) => tape.AddBias(tape.MatMul(x, _weight.Value), _bias.Value);
}
