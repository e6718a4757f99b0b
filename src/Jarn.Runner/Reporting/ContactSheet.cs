using Jarn.Runner.Data;

namespace Jarn.Runner.Reporting;

/// <summary>The first images of every class of a data set, a row for each class.</summary>
public static class ContactSheet
{
    /// <param name="title">The lines above the images, see <see cref="ImageGrid.Write"/>.</param>
    /// <param name="images">The images to choose from. The first ones of each class are shown.</param>
    /// <param name="columns">The number of images of each class; fewer if there are no more.</param>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(string path, string title, ImageSet images, int columns)
    {
        List<GridImage>[] found = [.. images.ClassNames.Select(_ => new List<GridImage>(columns))];
        for (int i = 0; i < images.Count; i++)
        {
            List<GridImage> row = found[images.Labels[i]];
            if (row.Count < columns)
            {
                row.Add(new GridImage(images.Height, images.Width, images.Channels, images.Image(i).ToArray()));
            }
        }
        ImageGrid.Write(path, title, [.. images.ClassNames.Zip(found, (name, row) => new ImageGridRow(name, row))]);
    }
}
