namespace Jarn.Autodiff;

/// <summary>What a <see cref="CapturedFunction{TOutputs}"/> computes: tensors by their names instead of their places.</summary>
public interface ICapturedOutputs<TSelf> where TSelf : ICapturedOutputs<TSelf>
{
    /// <summary>The same with each tensor replaced; each is handed over once.</summary>
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
