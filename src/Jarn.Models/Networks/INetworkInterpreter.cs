namespace Jarn.Models;

/// <summary>
/// A visitor for the layers of a network. A network describes its steps once, in <see cref="IExportable.Interpret"/>. One interpreter computes them
/// on a tape; another may count them or write them to a file.
/// </summary>
/// <typeparam name="TValue">Represents a batch of activations, N×H×W×C or N×C.</typeparam>
public interface INetworkInterpreter<TValue>
{
    /// <summary>The transform of the pixels before the first layer.</summary>
    TValue Transform(InputTransform transform, TValue x);

    /// <summary>A convolution, with its bias and activation.</summary>
    TValue Convolve(ConvolutionLayer layer, TValue x);

    /// <summary>Batch norm, with its activation.</summary>
    TValue Normalize(BatchNormLayer layer, TValue x);

    /// <summary>A linear layer, with its bias.</summary>
    TValue Connect(LinearLayer layer, TValue x);

    /// <summary>x + y</summary>
    TValue Add(TValue x, TValue y);

    /// <summary>An activation that is no part of a layer, such as relu(x + y) at the end of a residual block.</summary>
    TValue Activate(TValue x, Activation activation);

    /// <summary>Average pooling with windows of window×window pixels that do not overlap.</summary>
    TValue AveragePool(TValue x, int window);

    /// <summary>Pads with channels of zeros before and after those of x.</summary>
    TValue PadChannels(TValue x, int before, int after);

    /// <summary>The mean over all pixels: N×H×W×C → N×C.</summary>
    TValue MeanPixel(TValue x);

    /// <summary>N×H×W×C → N×HWC.</summary>
    TValue Flatten(TValue x);
}
