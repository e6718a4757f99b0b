namespace Jarn.Models;

/// <summary>
/// A pre-activation residual unit (He et al. 2016, "Identity Mappings in Deep Residual Networks") as Madry et al. build it: two times batch norm,
/// activation (theirs is the leaky ReLU) and a 3×3 convolution, beside a shortcut without parameters. The first convolution has the unit's stride.
/// </summary>
public sealed class ResidualUnit
{
    private const int Kernel = 3;

    private readonly int _stride, _inputs, _outputs;
    private readonly bool _activatesShortcut;
    private readonly BatchNormLayer _norm1, _norm2;
    private readonly ConvolutionLayer _convolution1, _convolution2;

    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="stride">The stride of the first convolution, and the size of the shortcut's pooling window.</param>
    /// <param name="inputs">The number of input channels.</param>
    /// <param name="outputs">The number of output channels; at least as many as inputs.</param>
    /// <param name="activatesShortcut">
    /// Whether the shortcut starts after the first batch norm and its activation, as in the first unit of a network.
    /// </param>
    /// <param name="activation">The activation after each batch norm.</param>
    public ResidualUnit(Initializer initializer, string name, int stride, int inputs, int outputs, bool activatesShortcut,
        Activation activation = Activation.LeakyRelu)
    {
        (_stride, _inputs, _outputs, _activatesShortcut) = (stride, inputs, outputs, activatesShortcut);
        _norm1 = new BatchNormLayer(initializer, $"{name}.norm1", inputs, activation);
        _convolution1 = new ConvolutionLayer(initializer, $"{name}.conv1", Kernel, stride, inputs, outputs, bias: false);
        _norm2 = new BatchNormLayer(initializer, $"{name}.norm2", outputs, activation);
        _convolution2 = new ConvolutionLayer(initializer, $"{name}.conv2", Kernel, 1, outputs, outputs, bias: false);
    }

    public IEnumerable<Parameter> Parameters =>
        [.. _norm1.Parameters, .. _convolution1.Parameters, .. _norm2.Parameters, .. _convolution2.Parameters];

    /// <summary>The running statistics of both batch norms.</summary>
    public IEnumerable<Parameter> RunningStatistics => [.. _norm1.RunningStatistics, .. _norm2.RunningStatistics];

    /// <summary>N×H×W×inputs → N×H/s×W/s×outputs.</summary>
    public TValue Interpret<TValue>(INetworkInterpreter<TValue> interpreter, TValue x)
    {
        TValue activated = interpreter.Normalize(_norm1, x);
        TValue hidden = interpreter.Normalize(_norm2, interpreter.Convolve(_convolution1, activated));
        return interpreter.Add(Shortcut(interpreter, _activatesShortcut ? activated : x), interpreter.Convolve(_convolution2, hidden));
    }

    /// <summary>The mean of each window of s×s pixels; new channels are zero, half of them before the old ones and half behind.</summary>
    private TValue Shortcut<TValue>(INetworkInterpreter<TValue> interpreter, TValue x)
    {
        TValue pooled = _stride == 1 ? x : interpreter.AveragePool(x, _stride);
        int added = _outputs - _inputs;
        return added == 0 ? pooled : interpreter.PadChannels(pooled, before: added / 2, after: added - (added / 2));
    }
}
