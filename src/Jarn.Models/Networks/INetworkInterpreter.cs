namespace Jarn.Models;

/// <summary>
/// Gives a meaning to each step that networks are made of. A network states its steps once (<see cref="Network.Interpret"/>): one interpreter
/// computes them on a tape, another may count them or write them to a file.
/// </summary>
/// <typeparam name="TValue">What stands for a batch of activations, N×H×W×C or N×C.</typeparam>
public interface INetworkInterpreter<TValue>
{
    /// <summary>What pixels pass through before the first layer.</summary>
    TValue Transform(InputTransform transform, TValue x);

    /// <summary>With its bias and activation.</summary>
    TValue Convolve(ConvLayer layer, TValue x);

    /// <summary>With its activation.</summary>
    TValue Normalize(BatchNormLayer layer, TValue x);

    /// <summary>With its bias.</summary>
    TValue Connect(LinearLayer layer, TValue x);

    /// <summary>x + y</summary>
    TValue Add(TValue x, TValue y);

    /// <summary>The means of windows of window×window pixels that do not overlap.</summary>
    TValue AveragePool(TValue x, int window);

    /// <summary>Channels of zeros before and after those of x.</summary>
    TValue PadChannels(TValue x, int before, int after);

    /// <summary>The mean over all pixels: N×H×W×C → N×C.</summary>
    TValue MeanPixel(TValue x);

    /// <summary>N×H×W×C → N×HWC.</summary>
    TValue Flatten(TValue x);
}
