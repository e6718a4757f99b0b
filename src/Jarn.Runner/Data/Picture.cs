using SkiaSharp;

namespace Jarn.Runner.Data;

/// <summary>An image file as a network takes it.</summary>
/// <param name="Path">Of the file.</param>
/// <param name="Pixels">Height × width × channels, 255 for white.</param>
/// <param name="Remark">What was changed beyond the number of channels; null for nothing.</param>
public sealed record Picture(string Path, byte[] Pixels, string? Remark)
{
    /// <summary>A compressed file of a few kilobytes may claim more than the memory holds.</summary>
    private const long MostPixels = 100_000_000;

    /// <summary>
    /// Decodes a PNG, JPEG, GIF, BMP or WebP file. Colours become grey by their luminance, transparency becomes black, and an image of another
    /// size is stretched to the network's, each of its pixels counting.
    /// </summary>
    /// <exception cref="UserErrorException">It can't be read or is no image.</exception>
    public static Picture Read(string path, ImageShape shape)
    {
        using SKBitmap decoded = Decode(path);
        SKColorType colours = shape.Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888;
        using SKBitmap fitted = new(new SKImageInfo(shape.Width, shape.Height, colours, SKAlphaType.Opaque));
        bool fits = (decoded.Width, decoded.Height) == (shape.Width, shape.Height);
        using (SKCanvas canvas = new(fitted))
        using (SKImage image = SKImage.FromBitmap(decoded))
        {
            canvas.Clear(SKColors.Black);
            canvas.DrawImage(
                image, SKRect.Create(shape.Width, shape.Height),
                fits ? new SKSamplingOptions(SKFilterMode.Nearest) : new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        }
        return new Picture(path, Copy(fitted, shape), fits ? null : $"{path} has {decoded.Width}×{decoded.Height} pixels and was resized to {shape.Width}×{shape.Height}");
    }

    private static SKBitmap Decode(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using SKCodec? codec = SKCodec.Create(stream);
            if (codec is null || (long)codec.Info.Width * codec.Info.Height > MostPixels)
            {
                throw new UserErrorException(codec is null
                    ? $"{path} is no image that can be read: give PNG, JPEG, GIF, BMP or WebP files"
                    : $"{path} has {codec.Info.Width}×{codec.Info.Height} pixels: give a smaller image");
            }
            SKBitmap bitmap = new(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
            if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) == SKCodecResult.Success)
            {
                return bitmap;
            }
            bitmap.Dispose();
            throw new UserErrorException($"{path} is damaged or ends too early: give whole image files");
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({exception.Message.TrimEnd('.')}): give image files", exception);
        }
    }

    private static byte[] Copy(SKBitmap bitmap, ImageShape shape)
    {
        byte[] pixels = new byte[shape.Pixels];
        ReadOnlySpan<byte> bytes = bitmap.GetPixelSpan();
        for (int i = 0; i < pixels.Length; i++)
        {
            (int place, int channel) = Math.DivRem(i, shape.Channels);
            (int row, int column) = Math.DivRem(place, shape.Width);
            pixels[i] = bytes[(row * bitmap.RowBytes) + (column * bitmap.BytesPerPixel) + channel];
        }
        return pixels;
    }
}
