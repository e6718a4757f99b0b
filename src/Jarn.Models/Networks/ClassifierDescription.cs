namespace Jarn.Models;

/// <summary>Everything that is needed to build a classifier. It is part of a saved model.</summary>
/// <param name="Network">The network and its settings.</param>
/// <param name="Image">The shape of one input image.</param>
/// <param name="Input">Applied to the pixels before the first layer.</param>
public sealed record ClassifierDescription(NetworkSettings Network, ImageShape Image, int Classes, InputTransform Input)
{
    /// <summary>The paper's classifier of MNIST: 28×28 grey pixels, ten digits.</summary>
    public static ClassifierDescription Mnist { get; } = new(new MnistCnnSettings(), new ImageShape(28, 28, 1), 10, InputTransform.None);

    /// <summary>Builds the classifier, with parameters that the initializer draws.</summary>
    /// <exception cref="ArgumentException">A layer can't have the given size, or the network's definition is not registered.</exception>
    /// <exception cref="InvalidOperationException">The network doesn't take images of this shape.</exception>
    public Network Build(Initializer initializer)
    {
        NetworkDefinition definition = NetworkDefinition.List.Of(Network);
        return Image is { Height: > 0, Width: > 0, Channels: > 0 } && Classes > 0 && definition.Takes(Image) ? definition.Build(initializer, this)
            : throw new InvalidOperationException($"{definition.Name} does not take images of {Image}");
    }
}
