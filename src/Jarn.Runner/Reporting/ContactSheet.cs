using Jarn.Runner.Data;

namespace Jarn.Runner.Reporting;

/// <summary>The first images of every class of a data set, a row for each class.</summary>
public static class ContactSheet
{
    /// <param name="path">The PNG file.</param>
    /// <param name="title">See <see cref="ImageGrid.Write"/>.</param>
    /// <param name="images">Searched from the first on.</param>
    /// <param name="columns">Images a class; fewer where there are no more.</param>
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
