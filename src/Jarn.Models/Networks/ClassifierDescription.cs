using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>The paper's classifiers.</summary>
public enum ClassifierKind
{
    /// <summary><see cref="Models.MnistCnn"/></summary>
    MnistCnn,

    /// <summary><see cref="Models.WideResNet"/></summary>
    WideResNet,
}

/// <summary>Everything that is needed to build a classifier. It is part of a saved model.</summary>
/// <param name="Kind">Which network.</param>
/// <param name="Height">Of the images.</param>
/// <param name="ImageWidth">Of the images.</param>
/// <param name="Channels">Of the images.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Input">Applied to the pixels before the first layer.</param>
/// <param name="Width">The width of a Wide-ResNet; the paper's is 10.</param>
/// <param name="Depth">The number of layers of a Wide-ResNet: 6n + 2 for n residual units per stage; the paper's is 32.</param>
/// <param name="Activation">
/// One of <see cref="Activations.OfClassifiers"/>; null for the default, ReLU in an MnistCnn and leaky ReLU in a Wide-ResNet.
/// </param>
public sealed record ClassifierDescription(
    ClassifierKind Kind, int Height, int ImageWidth, int Channels, int Classes, InputTransform Input, int Width, int Depth,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Activation? Activation = null)
{
    /// <summary>Layers outside the residual units: the first convolution and the linear layer.</summary>
    private const int OuterLayers = 2;

    /// <summary>Three stages of units of two convolutions.</summary>
    private const int LayersPerUnitOfEachStage = 6;

    /// <summary>The paper's classifier of MNIST: 28×28 grey pixels, ten digits.</summary>
    public static ClassifierDescription Mnist { get; } = new(ClassifierKind.MnistCnn, 28, 28, 1, 10, InputTransform.None, Width: 1, Depth: 8);

    /// <summary>Whether a Wide-ResNet can have this number of layers.</summary>
    public static bool IsDepth(int layers) => layers > OuterLayers && (layers - OuterLayers) % LayersPerUnitOfEachStage == 0;

    /// <summary>Builds the classifier.</summary>
    /// <exception cref="ArgumentException">A layer can't have the size given.</exception>
    /// <exception cref="InvalidOperationException">There is no such network.</exception>
    public Network Build(Initializer initializer) => Kind switch
    {
        _ when Activation is Activation wished && !Activations.OfClassifiers.Contains(wished) => throw new InvalidOperationException($"no classifier has a {wished}"),
        ClassifierKind.MnistCnn when Channels == 1 && HasExtents(multipleOf: 1, MnistCnn.LargestExtent) =>
            new MnistCnn(initializer, Classes, Input, activation: Activation ?? Models.Activation.Relu),
        ClassifierKind.WideResNet when HasExtents(WideResNet.ResolutionDivisor, WideResNet.LargestExtent) =>
            new WideResNet(
                initializer, Channels, Classes, Input, Width, (Depth - OuterLayers) / LayersPerUnitOfEachStage, Activation ?? Models.Activation.LeakyRelu),
        _ => throw new InvalidOperationException($"there is no {Kind} for {Height}×{ImageWidth}×{Channels} pixels"),
    };

    private bool HasExtents(int multipleOf, int largest) =>
        Height > 0 && ImageWidth > 0 && Height % multipleOf == 0 && ImageWidth % multipleOf == 0 && Height <= largest && ImageWidth <= largest;
}
