using Jarn.Runner;
using Jarn.Runner.Data;
using Jarn.Tests.Data;
using SkiaSharp;

namespace Jarn.Tests.Export;

internal static class Pictures
{
    public static void Write(string path, int width, int height, Func<int, int, SKColor> colour, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bitmap.SetPixel(x, y, colour(x, y));
            }
        }
        using SKData data = bitmap.Encode(format, 100);
        File.WriteAllBytes(path, data.ToArray());
    }
}

/// <summary>Image files as a network takes them.</summary>
public sealed class PictureTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void An_image_of_the_networks_size_keeps_every_byte([Values(1, 3)] int channels)
    {
        Random random = new(1);
        byte[] expected = new byte[16 * 17 * channels];
        random.NextBytes(expected);
        byte At(int x, int y, int channel) => expected[(((y * 17) + x) * channels) + (channel % channels)];
        Pictures.Write(_folder["a.png"], 17, 16, (x, y) => new SKColor(At(x, y, 0), At(x, y, 1), At(x, y, 2)));
        Picture picture = Picture.Read(_folder["a.png"], new ImageShape(16, 17, channels));
        Assert.That(picture.Pixels, Is.EqualTo(expected));
        Assert.That(picture.Remark, Is.Null);
    }

    [Test]
    public void Every_shade_of_grey_keeps_its_value()
    {
        Pictures.Write(_folder["a.png"], 256, 1, (x, _) => new SKColor((byte)x, (byte)x, (byte)x));
        Assert.That(Picture.Read(_folder["a.png"], new ImageShape(1, 256, 1)).Pixels, Is.EqualTo(Enumerable.Range(0, 256)));
    }

    [Test]
    public void Colours_become_grey_by_their_luminance_and_transparency_black()
    {
        SKColor[] colours = [SKColors.Red, SKColors.Lime, SKColors.Blue, SKColors.White, SKColors.Transparent, new SKColor(255, 255, 255, 128)];
        Pictures.Write(_folder["a.png"], 6, 1, (x, _) => colours[x]);
        // ITU-R BT.709.
        Assert.That(Picture.Read(_folder["a.png"], new ImageShape(1, 6, 1)).Pixels.Select(value => (int)value), Is.EqualTo(new[] { 54, 182, 18, 255, 0, 128 }).Within(1));
    }

    [Test]
    public void A_larger_image_is_meant_over_its_pixels_and_a_smaller_one_is_spread()
    {
        Pictures.Write(_folder["board.png"], 64, 64, (x, y) => (x + y) % 2 == 0 ? SKColors.White : SKColors.Black);
        Picture board = Picture.Read(_folder["board.png"], new ImageShape(8, 8, 1));
        Assert.That(board.Pixels.Select(value => (int)value), Is.All.EqualTo(128).Within(2), "eight fine squares a pixel: sampling one of them would give black or white");
        Assert.That(board.Remark, Is.EqualTo($"{_folder["board.png"]} has 64×64 pixels and was resized to 8×8"));
        Pictures.Write(_folder["halves.png"], 2, 2, (x, _) => x == 0 ? SKColors.Black : SKColors.White);
        byte[] halves = Picture.Read(_folder["halves.png"], new ImageShape(8, 8, 3)).Pixels;
        Assert.That((halves[0], halves[^1]), Is.EqualTo(((byte)0, (byte)255)));
    }

    [Test]
    public void JPEG_and_WebP_are_read_too([Values(SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp)] SKEncodedImageFormat format)
    {
        Pictures.Write(_folder["a"], 16, 16, (_, _) => new SKColor(200, 100, 50), format);
        byte[] pixel = Picture.Read(_folder["a"], new ImageShape(16, 16, 3)).Pixels[..3];
        Assert.That(pixel.Select(value => (int)value), Is.EqualTo(new[] { 200, 100, 50 }).Within(4));
    }

    [Test]
    public void A_file_that_claims_more_pixels_than_fit_is_refused_before_they_are_allocated()
    {
        Pictures.Write(_folder["a.png"], 2, 2, (_, _) => SKColors.Red);
        byte[] png = File.ReadAllBytes(_folder["a.png"]);
        // Width and height stand behind signature, length and IHDR; then come five bytes and the checksum of all of them.
        foreach (int at in new[] { 16, 20 })
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(at), 30_000);
        }
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        _folder.Write("bomb.png", png);
        Assert.That(
            () => Picture.Read(_folder["bomb.png"], new ImageShape(8, 8, 1)),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("has 30000×30000 pixels: give a smaller image"));
    }

    /// <summary>PNG's checksum.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint remainder = uint.MaxValue;
        foreach (byte value in bytes)
        {
            remainder ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder >> 1) ^ ((remainder & 1) * 0xEDB88320);
            }
        }
        return ~remainder;
    }
}
