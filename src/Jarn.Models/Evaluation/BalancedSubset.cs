namespace Jarn.Models;

/// <summary>
/// Fewer images of a set, as many of each class as of any other. No random number is in it: every classifier and every seed gets the same ones.
/// </summary>
public static class BalancedSubset
{
    /// <summary>
    /// The first image of each class in the order of the file, then the second of each and so on, until there are as many as wanted; where that ends
    /// within a round, the classes of smaller numbers have one more, and where a class has no more, the others make up for it.
    /// </summary>
    /// <param name="images">The images to choose from.</param>
    /// <param name="count">How many images are wanted; at most as many as there are.</param>
    /// <returns>The chosen images in the order of the file, each with its index there.</returns>
    public static AttackedImages Of(IImageSet images, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, images.Count);
        int[] places =
        [
            .. Enumerable.Range(0, images.Count).GroupBy(images.Label)
                .SelectMany(members => members.Select((place, round) => (Place: place, Round: round, Class: members.Key)))
                .OrderBy(image => (image.Round, image.Class)).Take(count).Select(image => image.Place).Order(),
        ];
        return images.Take(places);
    }
}
