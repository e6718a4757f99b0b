using System.Runtime.Intrinsics;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Tests.Auditing;

/// <summary>A network with a fault in its gradients; it says of images what the network within says.</summary>
internal sealed class PlantedNetwork(Network within, Func<Tape, Tensor, Tensor> beforeIt, Func<Tape, Tensor, Tensor> behindIt) : Network
{
    // Whoever disposes this network leaves the one within alone.
    public override IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Logits of a scale at which the softmax saturates in float32.</summary>
    public static PlantedNetwork OfTemperature(Network within, double factor) =>
        new(within, static (_, x) => x, (tape, logits) => tape.Scale(logits, factor));

    /// <summary>Gradients rounded to multiples of a unit.</summary>
    public static PlantedNetwork OfQuantisedGradients(Network within, double unit) =>
        new(within, (tape, x) => tape.Apply(new QuantisedGradient(unit), x)[0], static (_, logits) => logits);

    /// <summary>
    /// Pixels that are no whole levels of 8 bits count for much more than they are: adversarial images abound, and none of 8 bits is among them.
    /// </summary>
    public static PlantedNetwork OfMagnifiedRemainders(Network within, float factor) =>
        new(within, (tape, x) => tape.Apply(new Map<MagnifiedRemainder>(
            new MagnifiedRemainder(factor), Saved.None, (t, _, cotangent) => t.Scale(cotangent, 1 + factor)), x)[0], static (_, logits) => logits);

    public override Tensor Forward(Tape tape, Tensor x, BatchStatistics statistics) =>
        behindIt(tape, within.Forward(tape, beforeIt(tape, x), statistics));

    private sealed class QuantisedGradient(double unit) : Op
    {
        public override Saved Saves => Saved.None;

        public override Tensor[] Forward(Tape tape, Tensor[] inputs) => [Mapped(tape, new Scale(1), inputs[0])];

        public override Tensor?[] Backward(Tape tape, Node node, Tensor?[] cotangents, bool[] needed) =>
            [Mapped(tape, new Round((float)unit), cotangents[0]!)];

        private static Tensor Mapped<TFunction>(Tape tape, TFunction function, Tensor x)
            where TFunction : unmanaged, IUnaryFunction
        {
            Tensor y = tape.Allocate(x.Shape);
            tape.Device.Map(function, x.Buffer, y.Buffer);
            return y;
        }
    }

    /// <summary>x + factor·(x − the nearest of 0, 1/255, …)</summary>
    private readonly struct MagnifiedRemainder(float factor) : IUnaryFunction
    {
        private const float Levels = 255;

        private readonly float _factor = factor;

        public double Exact(double x) => x + (_factor * (x - (Math.Round(x * Levels) / Levels)));

        public float Invoke(float x) => x + (_factor * (x - (MathF.Round(x * Levels) / Levels)));

        public Vector256<float> Invoke(Vector256<float> x) => x + (_factor * (x - (Vector256.Round(x * Levels) / Levels)));
    }

    private readonly struct Round(float unit) : IUnaryFunction
    {
        private readonly float _unit = unit;

        public double Exact(double x) => Math.Round(x / _unit) * _unit;

        public float Invoke(float x) => MathF.Round(x / _unit) * _unit;

        public Vector256<float> Invoke(Vector256<float> x) => Vector256.Round(x / _unit) * _unit;
    }
}
