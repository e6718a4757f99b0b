namespace Jarn.Autodiff;

/// <summary>The outputs of a <see cref="CapturedFunction{TOutputs}"/>: tensors with names instead of positions.</summary>
public interface ICapturedOutputs<TSelf> where TSelf : ICapturedOutputs<TSelf>
{
    /// <summary>The same outputs with each tensor replaced. <paramref name="replace"/> is called once per tensor.</summary>
    TSelf With(Func<Tensor, Tensor> replace);
}

/// <summary>The outputs of a function that returns a single tensor.</summary>
public sealed record CapturedTensor(Tensor Value) : ICapturedOutputs<CapturedTensor>
{
    public CapturedTensor With(Func<Tensor, Tensor> replace) => new(replace(Value));
}

/// <summary>A list of tensors that are all alike: gradients, or whatever a test computes.</summary>
public sealed record CapturedTensors(Tensor[] Values) : ICapturedOutputs<CapturedTensors>
{
    public CapturedTensors With(Func<Tensor, Tensor> replace) => new(Array.ConvertAll(Values, value => replace(value)));
}
