using Jarn.Models;
using Jarn.Runner;
using Jarn.Runner.Data;
using Jarn.Tests.Data;
using SkiaSharp;

namespace Jarn.Tests.Export;

internal static class Pictures
{
    public static void Write(
        string path, int width, int height, Func<int, int, SKColor> colour, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
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
        Assert.That(picture.Remarks, Is.Empty);
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
        Assert.That(Picture.Read(_folder["a.png"], new ImageShape(1, 6, 1)).Pixels.Select(value => (int)value),
            Is.EqualTo(new[] { 54, 182, 18, 255, 0, 128 }).Within(1));
    }

    [Test]
    public void A_larger_image_is_meant_over_its_pixels_and_a_smaller_one_is_spread()
    {
        Pictures.Write(_folder["board.png"], 64, 64, (x, y) => (x + y) % 2 == 0 ? SKColors.White : SKColors.Black);
        Picture board = Picture.Read(_folder["board.png"], new ImageShape(8, 8, 1));
        Assert.That(board.Pixels.Select(value => (int)value), Is.All.EqualTo(128).Within(2),
            "eight fine squares a pixel: sampling one of them would give black or white");
        Assert.That(board.Remarks, Is.EqualTo(new[] { $"{_folder["board.png"]} is blank: all its pixels have one colour" }),
            "of its aspect ratio nothing is lost");
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

    /// <summary>EXIF's table: where the first row and the first column of the stored pixels are in the picture.</summary>
    private static readonly Func<int, int, (int X, int Y)>[] Orientations =
    [
        (row, column) => (column, row),
        (row, column) => (Width - 1 - column, row),
        (row, column) => (Width - 1 - column, Height - 1 - row),
        (row, column) => (column, Height - 1 - row),
        (row, column) => (row, column),
        (row, column) => (Width - 1 - row, column),
        (row, column) => (Width - 1 - row, Height - 1 - column),
        (row, column) => (row, Height - 1 - column),
    ];

    private const int Width = 24, Height = 16, Block = 8;

    [Test]
    public void A_picture_is_turned_as_its_EXIF_orientation_says(
        [Range(1, 8)] int orientation, [Values("jpeg", "png", "webp", "webp with JPEG's prefix")] string format, [Values] bool bigEndian)
    {
        (int width, int height) = orientation >= 5 ? (Height, Width) : (Width, Height);
        Pictures.Write(
            _folder["stored"], width, height, (x, y) => Orientations[orientation - 1](y, x) is var place ? Grey(place.X, place.Y) : default,
            format == "jpeg" ? SKEncodedImageFormat.Jpeg : format == "png" ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Webp);
        byte[] stored = File.ReadAllBytes(_folder["stored"]), exif = ExifFiles.Orientation(orientation, bigEndian);
        _folder.Write("turned", format switch
        {
            "jpeg" => ExifFiles.InJpeg(stored, exif),
            "png" => ExifFiles.InPng(stored, exif),
            "webp" => ExifFiles.InWebp(stored, exif, width, height),
            _ => ExifFiles.InWebp(stored, [.. "Exif\0\0"u8, .. exif], width, height),
        });
        byte[] pixels = Picture.Read(_folder["turned"], new ImageShape(Height, Width, 1)).Pixels;
        foreach (int y in new[] { Block / 2, Block + (Block / 2) })
        {
            foreach (int x in new[] { Block / 2, Block + (Block / 2), (2 * Block) + (Block / 2) })
            {
                Assert.That((int)pixels[(y * Width) + x], Is.EqualTo(Grey(x, y).Red).Within(8), $"at {x}, {y}");
            }
        }

        static SKColor Grey(int x, int y) =>
            (byte)(40 * (1 + (x / Block) + (3 * (y / Block)))) is var shade ? new SKColor(shade, shade, shade) : default;
    }

    [Test]
    public void Nonsense_in_EXIF_data_is_passed_over()
    {
        Pictures.Write(_folder["a.png"], 2, 1, (x, _) => x == 0 ? SKColors.Black : SKColors.White);
        byte[] png = File.ReadAllBytes(_folder["a.png"]), whole = ExifFiles.Orientation(6, bigEndian: true);
        Random random = new(5);
        for (int trial = 0; trial < 500; trial++)
        {
            _folder.Write("b.png", ExifFiles.InPng(png, Mutation.Of(whole, random, headerLength: 12)));
            Assert.That(Picture.Read(_folder["b.png"], new ImageShape(2, 2, 1), PictureFit.Stretch).Pixels, Has.Length.EqualTo(4));
        }
    }

    [TestCase(PictureFit.Crop, new[] { 255, 255, 255, 255 }, "its centre of 8×8 was resized to 4×4 (--fit pad shows all of it)")]
    [TestCase(PictureFit.Pad, new[] { 0, 0, 0, 0 }, "it was resized to 4×2 and padded to 4×4")]
    [TestCase(PictureFit.Stretch, new[] { 0, 255, 255, 0 }, "it was stretched to 4×4")]
    public void An_image_of_another_aspect_ratio_is_cropped_padded_or_stretched(PictureFit fit, int[] firstRow, string remark)
    {
        // A white square between two black bars.
        Pictures.Write(_folder["a.png"], 16, 8, (x, _) => x is >= 4 and < 12 ? SKColors.White : SKColors.Black);
        Picture picture = Picture.Read(_folder["a.png"], new ImageShape(4, 4, 1), fit);
        Assert.That(picture.Pixels[..4].Select(value => (int)value), Is.EqualTo(firstRow).Within(1));
        Assert.That(picture.Remarks[0], Is.EqualTo($"{_folder["a.png"]} has 16×8 pixels; {remark}"));
        Assert.That(picture.Remarks.Count == 2, Is.EqualTo(fit == PictureFit.Crop), "what is cropped to white is blank");
    }

    [Test]
    public void Dark_strokes_on_nothing_stay_visible_and_what_is_blank_is_said_to_be_blank()
    {
        Pictures.Write(_folder["ink.png"], 4, 1, (x, _) => x == 1 ? SKColors.Black : SKColors.Transparent);
        Picture ink = Picture.Read(_folder["ink.png"], new ImageShape(1, 4, 1));
        Assert.That(ink.Pixels, Is.EqualTo(new byte[] { 255, 0, 255, 255 }));
        Assert.That(ink.Remarks, Is.EqualTo(new[] { $"{_folder["ink.png"]} has transparent pixels, which became white" }));
        Pictures.Write(_folder["chalk.png"], 4, 1, (x, _) => x == 1 ? SKColors.White : SKColors.Transparent);
        Assert.That(Picture.Read(_folder["chalk.png"], new ImageShape(1, 4, 1)).Pixels, Is.EqualTo(new byte[] { 0, 255, 0, 0 }));
        Pictures.Write(_folder["nothing.png"], 4, 1, (_, _) => SKColors.Transparent);
        Assert.That(Picture.Read(_folder["nothing.png"], new ImageShape(1, 4, 3)).Remarks,
            Has.Some.EqualTo($"{_folder["nothing.png"]} is blank: all its pixels have one colour"));
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
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), System.IO.Hashing.Crc32.HashToUInt32(png.AsSpan(12, 17)));
        _folder.Write("bomb.png", png);
        Assert.That(
            () => Picture.Read(_folder["bomb.png"], new ImageShape(8, 8, 1)),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("has 30000×30000 pixels: give a smaller image"));
    }
}
