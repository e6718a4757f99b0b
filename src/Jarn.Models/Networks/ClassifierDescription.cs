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

/// <summary>What it takes to build a classifier anew: part of a saved model.</summary>
/// <param name="Kind">Which network.</param>
/// <param name="Height">Of the images.</param>
/// <param name="ImageWidth">Of the images.</param>
/// <param name="Channels">Of the images.</param>
/// <param name="Classes">Logits.</param>
/// <param name="Input">What happens to the pixels first.</param>
/// <param name="Width">Of a Wide-ResNet; the paper's is 10.</param>
/// <param name="Depth">Of a Wide-ResNet, in layers: 6n + 2 for n residual units a stage; the paper's is 32.</param>
/// <param name="Activation">
/// One of <see cref="Activations.OfClassifiers"/>; null for the network's own, the ReLU of an MnistCnn and the leaky ReLU of a Wide-ResNet.
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

    /// <summary>Whether a Wide-ResNet can have so many layers.</summary>
    public static bool IsDepth(int layers) => layers > OuterLayers && (layers - OuterLayers) % LayersPerUnitOfEachStage == 0;

    /// <exception cref="ArgumentException">Layers can't be of these sizes.</exception>
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
