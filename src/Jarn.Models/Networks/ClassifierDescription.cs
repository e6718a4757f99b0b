namespace Jarn.Models;

/// <summary>Everything that is needed to build a classifier. It is part of a saved model.</summary>
/// <param name="Network">Which network, and its settings.</param>
/// <param name="Image">Of its input.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Input">Applied to the pixels before the first layer.</param>
public sealed record ClassifierDescription(NetworkSettings Network, ImageShape Image, int Classes, InputTransform Input)
{
    /// <summary>The paper's classifier of MNIST: 28×28 grey pixels, ten digits.</summary>
    public static ClassifierDescription Mnist { get; } = new(new MnistCnnSettings(), new ImageShape(28, 28, 1), 10, InputTransform.None);

    /// <summary>Builds the classifier.</summary>
    /// <exception cref="ArgumentException">A layer can't have the size given, or the network's definition is not registered.</exception>
    /// <exception cref="InvalidOperationException">The network does not take such images.</exception>
    public Network Build(Initializer initializer)
    {
        NetworkDefinition definition = NetworkDefinition.List.Of(Network);
        return Image is { Height: > 0, Width: > 0, Channels: > 0 } && Classes > 0 && definition.Takes(Image) ? definition.Build(initializer, this)
            : throw new InvalidOperationException($"{definition.Name} does not take images of {Image}");
    }
}
