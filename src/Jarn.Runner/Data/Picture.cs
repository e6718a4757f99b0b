using Jarn.Models;
using SkiaSharp;

namespace Jarn.Runner.Data;

/// <summary>How an image is fitted to a network's aspect ratio.</summary>
public enum PictureFit
{
    /// <summary>Cuts the image down to its centre.</summary>
    Crop,

    /// <summary>Adds bars beside the image.</summary>
    Pad,

    /// <summary>Squeezes the image.</summary>
    Stretch,
}

/// <summary>An image file in the form that a network takes.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Pixels">Height × width × channels, 255 for white.</param>
/// <param name="Remarks">Changes other than to size and number of channels, in sentences without their full stop.</param>
public sealed record Picture(string Path, byte[] Pixels, IReadOnlyList<string> Remarks)
{
    /// <summary>A compressed file of a few kilobytes may claim more than the memory holds.</summary>
    private const long MostPixels = 100_000_000;

    /// <summary>The image files that a folder is searched for.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"];

    /// <summary>
    /// Decodes a PNG, JPEG, GIF, BMP or WebP file, turned as its EXIF orientation says. Colours become grey by their luminance; an image of another
    /// size is resized to the network's, each of its pixels counting. What is transparent becomes black, or white where the rest is dark and would
    /// not be seen on black.
    /// </summary>
    /// <exception cref="UserErrorException">The file can't be read or is not an image.</exception>
    public static Picture Read(string path, ImageShape shape, PictureFit fit = PictureFit.Crop)
    {
        using SKBitmap decoded = Decode(path);
        bool isTransparent = IsTransparent(decoded, out SKColor background);
        List<string> remarks = [];
        (SKRect from, SKRect to) = Rectangles(decoded, shape, fit);
        if ((long)decoded.Width * shape.Height != (long)decoded.Height * shape.Width)
        {
            remarks.Add($"{path} has {decoded.Width}×{decoded.Height} pixels; {Describe(from, to, shape, fit)}");
        }
        SKColorType colours = shape.Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888;
        using SKBitmap fitted = new(new SKImageInfo(shape.Width, shape.Height, colours, SKAlphaType.Opaque));
        bool keeps = (decoded.Width, decoded.Height) == (shape.Width, shape.Height);
        using (SKCanvas canvas = new(fitted))
        using (SKImage image = SKImage.FromBitmap(decoded))
        {
            canvas.Clear(background);
            SKSamplingOptions sampling = keeps ? new(SKFilterMode.Nearest) : new(SKFilterMode.Linear, SKMipmapMode.Linear);
            canvas.DrawImage(image, from, to, sampling);
        }
        byte[] pixels = Copy(fitted, shape);
        if (isTransparent)
        {
            remarks.Add($"{path} has transparent pixels, which became {(background == SKColors.White ? "white" : "black")}");
        }
        if (IsBlank(pixels, shape.Channels))
        {
            remarks.Add($"{path} is blank: all its pixels have one colour");
        }
        return new Picture(path, pixels, remarks);
    }

    /// <summary>The part of the image to draw, and where to.</summary>
    private static (SKRect From, SKRect To) Rectangles(SKBitmap image, ImageShape shape, PictureFit fit)
    {
        SKRect whole = SKRect.Create(image.Width, image.Height), all = SKRect.Create(shape.Width, shape.Height);
        return fit switch
        {
            PictureFit.Crop => (whole.AspectFit(all.Size), all),
            PictureFit.Pad => (whole, all.AspectFit(whole.Size)),
            _ => (whole, all),
        };
    }

    private static string Describe(SKRect from, SKRect to, ImageShape shape, PictureFit fit)
    {
        string size = $"{shape.Width}×{shape.Height}";
        return fit switch
        {
            PictureFit.Crop => $"its centre of {from.Width:0}×{from.Height:0} was resized to {size} (--fit pad shows all of it)",
            PictureFit.Pad => $"it was resized to {to.Width:0}×{to.Height:0} and padded to {size}",
            _ => $"it was stretched to {size}",
        };
    }

    /// <param name="background">White where what is to be seen of a transparent image is dark; black, as MNIST has it, otherwise.</param>
    private static bool IsTransparent(SKBitmap image, out SKColor background)
    {
        const double red = 0.2126, green = 0.7152, blue = 0.0722;
        double light = 0, opacity = 0;
        bool isTransparent = false;
        ReadOnlySpan<byte> bytes = image.GetPixelSpan();
        // Colours are multiplied by their opacity already.
        for (int i = 0; i < bytes.Length; i += 4)
        {
            light += (red * bytes[i]) + (green * bytes[i + 1]) + (blue * bytes[i + 2]);
            opacity += bytes[i + 3];
            isTransparent |= bytes[i + 3] < byte.MaxValue;
        }
        background = isTransparent && light < opacity / 2 ? SKColors.White : SKColors.Black;
        return isTransparent;
    }

    private static bool IsBlank(ReadOnlySpan<byte> pixels, int channels) => pixels[channels..].SequenceEqual(pixels[..^channels]);

    private static SKBitmap Decode(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            // The codec closes its stream.
            using FileStream metadata = File.OpenRead(path);
            using SKCodec? codec = SKCodec.Create(stream);
            if (codec is null || (long)codec.Info.Width * codec.Info.Height > MostPixels)
            {
                throw new UserErrorException(codec is null
                    ? $"{path} is not an image that can be read: give PNG, JPEG, GIF, BMP or WebP files"
                    : $"{path} has {codec.Info.Width}×{codec.Info.Height} pixels: give a smaller image");
            }
            SKBitmap bitmap = new(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
            if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) == SKCodecResult.Success)
            {
                return Upright(bitmap, Orientation.Of(codec, metadata));
            }
            bitmap.Dispose();
            throw new UserErrorException($"{path} is damaged or ends too early: give whole image files");
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({exception.Message.TrimEnd('.')}): give image files", exception);
        }
    }

    private static SKBitmap Upright(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft)
        {
            return bitmap;
        }
        using SKBitmap turned = bitmap;
        (int width, int height) = Orientation.IsTransposed(origin) ? (bitmap.Height, bitmap.Width) : (bitmap.Width, bitmap.Height);
        SKBitmap upright = new(bitmap.Info.WithSize(width, height));
        using SKCanvas canvas = new(upright);
        using SKImage image = SKImage.FromBitmap(bitmap);
        canvas.Clear();
        canvas.SetMatrix(Orientation.Matrix(origin, bitmap.Width, bitmap.Height));
        canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Nearest));
        return upright;
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
