using Jarn.Runner.Experiments.Runs;
using SkiaSharp;

namespace Jarn.Runner.Reporting;

/// <summary>An image to be shown, H × W × C: one channel is grey, three are colours; 0 is black and 255 white.</summary>
public sealed record GridImage(int Height, int Width, int Channels, ReadOnlyMemory<byte> Pixels)
{
    /// <summary>An image of values from 0 (black) to 1 (white); others are clipped.</summary>
    public static GridImage FromFloats(int height, int width, int channels, ReadOnlySpan<float> values)
    {
        byte[] pixels = new byte[values.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)MathF.Round(Math.Clamp(values[i], 0, 1) * byte.MaxValue);
        }
        return new GridImage(height, width, channels, pixels);
    }

    /// <summary>A PNG file's bytes, a dot for each pixel.</summary>
    public byte[] ToPng()
    {
        using SKImage image = ToImage();
        using SKData file = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return file.ToArray();
    }

    internal SKImage ToImage()
    {
        using SKBitmap bitmap = new(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                ReadOnlySpan<byte> pixel = Pixels.Span.Slice(((row * Width) + column) * Channels, Channels);
                bitmap.SetPixel(column, row, Channels == 1 ? new SKColor(pixel[0], pixel[0], pixel[0]) : new SKColor(pixel[0], pixel[1], pixel[2]));
            }
        }
        return SKImage.FromBitmap(bitmap);
    }
}

/// <summary>A row of images.</summary>
/// <param name="Label">The text at the left of the row.</param>
/// <param name="Images">The images from left to right. Null leaves a place empty; rows may have different numbers of images.</param>
public sealed record ImageGridRow(string Label, IReadOnlyList<GridImage?> Images);

/// <summary>A picture of labelled rows of images, every pixel a square.</summary>
public static class ImageGrid
{
    private const int Margin = 16, Gap = 4, TitleSize = 17, LabelSize = 13;

    /// <param name="title">The lines above the images; the first one is the title.</param>
    /// <param name="rows">The rows; at least one.</param>
    /// <param name="columnLabels">The texts above the columns; null for none.</param>
    /// <param name="magnification">The width and height of a pixel, in dots.</param>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(
        string path, string title, IReadOnlyList<ImageGridRow> rows, IReadOnlyList<string>? columnLabels = null, int magnification = 2)
    {
        using SKFont titleFont = new(Lettering.Bold, TitleSize), labelFont = new(Lettering.Regular, LabelSize);
        using SKPaint ink = new() { Color = SKColors.Black, IsAntialias = true };
        string[] titleLines = title.Split('\n');
        IReadOnlyList<string> columns = columnLabels ?? [];
        int columnCount = Math.Max(rows.Max(row => row.Images.Count), columns.Count);
        int Widest(IEnumerable<string> texts, SKFont font) => texts.Select(text => (int)MathF.Ceiling(font.MeasureText(text))).DefaultIfEmpty().Max();
        int Largest(Func<GridImage, int> extent) =>
            rows.SelectMany(row => row.Images).OfType<GridImage>().Select(extent).DefaultIfEmpty().Max() * magnification;
        int cellWidth = Math.Max(Largest(image => image.Width), Widest(columns, labelFont)) + Gap;
        int cellHeight = Math.Max(Largest(image => image.Height), LabelSize) + Gap;
        int left = Margin + Widest(rows.Select(row => row.Label), labelFont) + (2 * Gap);
        int top = Margin + (titleLines.Length * LineHeight(TitleSize)) + Gap + (columns.Count > 0 ? LineHeight(LabelSize) : 0);
        int width = Math.Max(left + (columnCount * cellWidth), Margin + Widest(titleLines[..1], titleFont)) + Margin;
        width = Math.Max(width, (2 * Margin) + Widest(titleLines[1..], labelFont));

        using SKBitmap picture = new(new SKImageInfo(width, top + (rows.Count * cellHeight) + Margin, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using SKCanvas canvas = new(picture);
        canvas.Clear(SKColors.White);
        for (int line = 0; line < titleLines.Length; line++)
        {
            canvas.DrawText(titleLines[line], Margin, Margin + TitleSize + (line * LineHeight(TitleSize)), line == 0 ? titleFont : labelFont, ink);
        }
        for (int column = 0; column < columns.Count; column++)
        {
            float middle = left + (column * cellWidth) + ((cellWidth - Gap) / 2f);
            canvas.DrawText(columns[column], middle, top - Gap - (LabelSize / 3f), SKTextAlign.Center, labelFont, ink);
        }
        for (int row = 0; row < rows.Count; row++)
        {
            int y = top + (row * cellHeight);
            canvas.DrawText(rows[row].Label, left - (2 * Gap), y + ((cellHeight - Gap + (LabelSize * 0.7f)) / 2), SKTextAlign.Right, labelFont, ink);
            for (int column = 0; column < rows[row].Images.Count; column++)
            {
                if (rows[row].Images[column] is GridImage image)
                {
                    int x = left + (column * cellWidth) + ((cellWidth - Gap - (image.Width * magnification)) / 2);
                    Draw(canvas, image, x, y, magnification);
                }
            }
        }
        using SKData file = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
        AtomicFile.Write(path, file.SaveTo);
    }

    private static int LineHeight(int size) => size + (size / 2);

    private static void Draw(SKCanvas canvas, GridImage image, int x, int y, int magnification)
    {
        using SKImage drawn = image.ToImage();
        canvas.DrawImage(
            drawn, SKRect.Create(x, y, image.Width * magnification, image.Height * magnification), new SKSamplingOptions(SKFilterMode.Nearest));
    }
}
