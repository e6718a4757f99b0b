using Jarn.Runner;
using Jarn.Runner.Data;
using Jarn.Runner.Reporting;
using Jarn.Tests.Data;
using SkiaSharp;

namespace Jarn.Tests.Reports;

public sealed class ImageGridTests
{
    private static readonly SKColor _red = new(255, 0, 0);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Every_pixel_is_a_square_of_its_colour([Values(1, 3, 8)] int magnification)
    {
        // Red, green; blue, a grey: no colour of the lettering.
        GridImage image = new(2, 2, 3, new byte[] { 255, 0, 0, 0, 255, 0, 0, 0, 255, 90, 90, 250 });
        using SKBitmap picture = Write(new ImageGridRow("", [image]), magnification);
        (int left, int top) = Find(picture, _red);
        SKColor[] expected = [_red, new(0, 255, 0), new(0, 0, 255), new(90, 90, 250)];
        for (int y = 0; y < 2 * magnification; y++)
        {
            for (int x = 0; x < 2 * magnification; x++)
            {
                Assert.That(picture.GetPixel(left + x, top + y), Is.EqualTo(expected[(y / magnification * 2) + (x / magnification)]));
            }
        }
        Assert.That(picture.GetPixel(left + (2 * magnification), top), Is.EqualTo(SKColors.White));
    }

    [Test]
    public void Images_stand_in_rows_and_columns_even_about_a_gap()
    {
        GridImage black = GridImage.FromFloats(4, 4, 1, new float[16]), red = new(1, 1, 3, new byte[] { 255, 0, 0 });
        string path = _folder["grid.png"];
        ImageGrid.Write(path, "", [new("", [black, null, red]), new("", [black])], magnification: 10);
        using SKBitmap picture = SKBitmap.Decode(path);
        (int blackLeft, int blackTop) = Find(picture, SKColors.Black);
        (int redLeft, int redTop) = Find(picture, _red);
        Assert.That(redLeft - blackLeft, Is.EqualTo((2 * 44) + 15), "two columns, and centred in the third");
        Assert.That(redTop, Is.EqualTo(blackTop));
        Assert.That(picture.GetPixel(blackLeft, blackTop + 44), Is.EqualTo(SKColors.Black));
        Assert.That(picture.GetPixel(blackLeft, blackTop + 42), Is.EqualTo(SKColors.White));
    }

    [Test]
    public void Floats_are_rounded_and_cut_off() => Assert.That(
        GridImage.FromFloats(1, 4, 1, [-3, 0.5f, 1, 7]).Pixels.ToArray(), Is.EqualTo(new byte[] { 0, 128, 255, 255 }));

    [Test]
    public void Title_and_labels_are_lettered_and_fit()
    {
        GridImage white = GridImage.FromFloats(1, 1, 1, [1]);
        using SKBitmap bare = Write(new ImageGridRow("", [white]), 2, title: "");
        using SKBitmap labelled = Write(new ImageGridRow("a row's label", [white]), 2, title: "a title\nand more of it", "ε = 8/255");
        Assert.That((Ink(bare), Ink(labelled)), Is.EqualTo((0, Ink(labelled))));
        Assert.That(Ink(labelled), Is.GreaterThan(300));
        Assert.That((labelled.Width, labelled.Height), Is.GreaterThan((bare.Width + 100, bare.Height + 30))
            .Using<(int Width, int Height)>((a, b) => Math.Min(a.Width - b.Width, a.Height - b.Height)));
        for (int y = 0; y < labelled.Height; y++)
        {
            Assert.That((labelled.GetPixel(0, y), labelled.GetPixel(labelled.Width - 1, y)), Is.EqualTo((SKColors.White, SKColors.White)),
                "nothing is cut off at the edges");
        }
    }

    [Test]
    public void Letters_do_not_depend_on_the_machines_fonts()
    {
        Assert.That(
            (Lettering.Regular.FamilyName, Lettering.Bold.FamilyName), Is.EqualTo(("Inter", "Inter SemiBold")).Or.EqualTo(("Inter", "Inter")));
        Assert.That("jarn-9 ε λ α δ × – ± ² ∞ ≤ →".Where(letter => !Lettering.Regular.ContainsGlyph(letter)), Is.Empty);
        Lettering.UseInCharts();
        Lettering.UseInCharts();
        Assert.That(ScottPlot.Fonts.GetTypeface(ScottPlot.Fonts.Default, bold: false, italic: false).FamilyName, Is.EqualTo("Inter"));
    }

    [Test]
    public void A_contact_sheet_has_a_row_for_every_class()
    {
        byte[] pixels = [10, 20, 30, 40, 50];
        ImageSet images = new(pixels, new byte[] { 2, 0, 2, 2, 0 }, 1, 1, 1, ["a", "b", "c"]);
        string path = _folder["sheet.png"];
        ContactSheet.Write(path, "", images, columns: 2);
        using SKBitmap sheet = SKBitmap.Decode(path);
        (int X, int Y)[] found = [.. new byte[] { 20, 50, 10, 30 }.Select(grey => Find(sheet, new SKColor(grey, grey, grey)))];
        Assert.That((found[0].Y, found[2].Y), Is.EqualTo((found[1].Y, found[3].Y)));
        Assert.That((found[0].X, found[1].X), Is.EqualTo((found[2].X, found[3].X)));
        Assert.That(found[2].Y, Is.GreaterThan(found[0].Y));
        Assert.That(() => Find(sheet, new SKColor(40, 40, 40)), Throws.InvalidOperationException, "two of a class suffice");
    }

    [Test]
    public void A_folder_that_is_not_there_is_the_users_to_put_right() => Assert.That(
        () => ImageGrid.Write(_folder["absent/grid.png"], "", [new("", [GridImage.FromFloats(1, 1, 1, [1])])]), Throws.TypeOf<UserErrorException>());

    private SKBitmap Write(ImageGridRow row, int magnification, string title = "a title", params string[] columns)
    {
        string path = _folder["grid.png"];
        ImageGrid.Write(path, title, [row], columns, magnification);
        return SKBitmap.Decode(path);
    }

    private static int Ink(SKBitmap picture) => picture.Pixels.Count(pixel => pixel.Red < 128);

    /// <summary>Its first pixel of that colour, from the top.</summary>
    private static (int X, int Y) Find(SKBitmap picture, SKColor colour) =>
        Array.IndexOf(picture.Pixels, colour) is int at and >= 0
            ? (at % picture.Width, at / picture.Width)
            : throw new InvalidOperationException($"{colour} is nowhere");
}
