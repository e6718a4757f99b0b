using Jarn.Autodiff;

namespace Jarn.Models;

/// <summary>x·W + b: N×in → N×out.</summary>
public sealed class LinearLayer(Initializer initializer, string name, int inputs, int outputs)
{
    /// <summary>[in, out]</summary>
    public Parameter Weight { get; } = initializer.LinearWeight($"{name}.weight", inputs, outputs);

    /// <summary>[out]</summary>
    public Parameter Bias { get; } = initializer.Constant($"{name}.bias", outputs, 0);

    /// <summary>The weight and the bias.</summary>
    public IEnumerable<Parameter> Parameters => [Weight, Bias];

    /// <summary>N×in → N×out.</summary>
    public Tensor Forward(Tape tape, Tensor x) => tape.AddBias(tape.MatMul(x, Weight.Value), Bias.Value);
}
