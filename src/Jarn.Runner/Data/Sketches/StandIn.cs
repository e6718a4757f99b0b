namespace Jarn.Runner.Data;

/// <summary>Drawn images of a data set's shapes, for a machine that has no data and cannot get any: a function of part and index alone.</summary>
/// <param name="DatasetName">The name in tables and results.json; never that of the data set it stands in for.</param>
/// <param name="Title">The name in sentences, in the plural: "drawn digits".</param>
/// <param name="Train">The first so many training images, or all where there are fewer.</param>
/// <param name="Test">Draws the first n test images, which share no random number with the training images.</param>
public sealed record StandIn(string DatasetName, string Title, Func<int, ImageSet> Train, Func<int, ImageSet> Test);
