using Jarn.Runner.Commands;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Page;
using Jarn.Tests.Data;
using Microsoft.Playwright;
using SkiaSharp;

namespace Jarn.Tests.Reports.Page;

/// <summary>
/// A run's page and a reproduction's, in Debian's Chromium: drawn, quiet, self-contained, at home on a phone, in the dark and on paper.
/// </summary>
[Category(TestCategory.Thorough)]
public sealed class BrowserTests
{
    private const string Browser = "/usr/bin/chromium";

    private TemporaryFolder? _folder;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private string Run => Directory.GetDirectories(_folder!["runs"], "*-jarn-*").Single();

    [OneTimeSetUp]
    public async Task MakePages()
    {
        if (!File.Exists(Browser))
        {
            Assert.Ignore($"there is no {Browser}: apt-get install chromium");
        }
        _folder = new TemporaryFolder();
        string[] options =
        [
            "--methods", "standard,jarn", "--data", "sketch", "--device", "cpu", "--epochs", "1", "--limit-train", "64", "--limit-test", "40",
            "--batch-size", "16", "--attacks", "fgsm,pgd5,pgd20-margin", "--quiet", "--runs", _folder["runs"],
        ];
        TestConsole.Output(() =>
        {
            Assert.That(CommandLineInterface.Run(["reproduce", "table1", .. options, "--output", _folder["table1"]]), Is.Zero);
            Assert.That(
                CommandLineInterface.Run(["reproduce", "figure3", "--dataset", "mnist", .. options, "--output", _folder["figure3"]]), Is.Zero);
            Assert.That(
                CommandLineInterface.Run(["reproduce", "figure4", "--dataset", "mnist", .. options, "--output", _folder["figure4"]]), Is.Zero);
            // With a number of images nothing is left out, however busy the machine.
            Assert.That(CommandLineInterface.Run(["report", "--checkpoint", Run, "--images", "20", "--device", "cpu", "--quiet"]), Is.Zero);
        });
        _playwright = await Playwright.CreateAsync();
        // Surfaces need WebGL, and there may be no graphics card.
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Browser, Args = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] });
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }
        _playwright?.Dispose();
        _folder?.Dispose();
    }

    /// <param name="name">The name of the page, see <see cref="Open"/>.</param>
    /// <param name="charts">How many flat charts; <paramref name="surfaces"/> are counted apart.</param>
    /// <param name="pictures">Images of the data and of what depends on them.</param>
    [TestCase("run", 5, 1, 4 * 10)]
    [TestCase("table1", 4, 0, 0)]
    [TestCase("figure3", 0, 2, 0)]
    [TestCase("figure4", 0, 0, 3 * 10)]
    public async Task Everything_is_drawn_and_nothing_is_loaded_or_too_wide(string name, int charts, int surfaces, int pictures)
    {
        await using IBrowserContext context = await Context(ColorScheme.Light);
        List<string> complaints = [];
        IPage page = await Open(context, name, complaints);

        foreach (int width in new[] { 1280, 390 })
        {
            await page.SetViewportSizeAsync(width, 800);
            IReadOnlyList<ILocator> places = await page.Locator(".chart").AllAsync();
            Assert.That(places, Has.Count.EqualTo(charts + surfaces));
            foreach (ILocator place in places)
            {
                Assert.That(await place.GetAttributeAsync("aria-label"), Is.Not.Empty);
                Assert.That(Colours(await place.ScreenshotAsync()), Is.GreaterThan(8),
                    $"{await place.GetAttributeAsync("aria-label")} is drawn at {width} pixels");
            }
            Assert.That(await page.Locator(".chart canvas").CountAsync(), Is.EqualTo(surfaces));
            Assert.That(
                await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.EqualTo(width), "nothing reaches beyond the screen");
            Assert.That(
                await page.EvaluateAsync<bool>("[...document.querySelectorAll('.chart svg.main-svg')].every(chart => "
                    + "chart.getBoundingClientRect().right <= innerWidth)"), Is.True,
                "charts follow the screen's width");
        }
        Assert.That(await page.EvaluateAsync<int>(
            "[...document.images].filter(image => image.complete && image.naturalWidth === 28 && image.alt).length"), Is.EqualTo(pictures));
        Assert.That(await page.EvaluateAsync<bool>(
            "[...document.querySelectorAll('nav a')].every(link => document.querySelector(decodeURI(link.hash)))"), Is.True);
        Assert.That(complaints, Is.Empty);
    }

    [Test]
    public async Task In_the_dark_page_and_charts_are_dark_and_change_with_the_light()
    {
        await using IBrowserContext context = await Context(ColorScheme.Dark);
        List<string> complaints = [];
        IPage page = await Open(context, "run", complaints);
        Task<string> Ink() => page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.chart .ytick text, .chart .xtick text')).fill");
        double dark = Brightness(await page.ScreenshotAsync());
        string ink = await Ink();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await page.WaitForFunctionAsync(
            "before => getComputedStyle(document.querySelector('.chart .ytick text, .chart .xtick text')).fill !== before", ink);
        double light = Brightness(await page.ScreenshotAsync());
        Assert.That(dark, Is.LessThan(60));
        Assert.That(light, Is.GreaterThan(200));
        Assert.That(complaints, Is.Empty);
    }

    [Test]
    public async Task On_paper_it_is_light_and_whole_whatever_the_screen_was()
    {
        await using IBrowserContext context = await Context(ColorScheme.Dark);
        List<string> complaints = [];
        IPage page = await Open(context, "run", complaints);
        await page.EvaluateAsync("""
            addEventListener('beforeprint', () => {
              window.printed = {
                page: getComputedStyle(document.body).backgroundColor,
                widest: Math.max(...[...document.querySelectorAll('.chart')].map(chart => chart.offsetWidth))
              };
            });
            """);
        byte[] paper = await page.PdfAsync(new PagePdfOptions { Format = "A4", PrintBackground = true });
        Assert.That(paper.AsSpan(0, 5).SequenceEqual("%PDF-"u8), Is.True);
        Assert.That(paper, Has.Length.GreaterThan(50_000));
        Assert.That(await page.EvaluateAsync<string>("window.printed.page"), Is.EqualTo("rgb(255, 255, 255)"));
        Assert.That(await page.EvaluateAsync<int>("window.printed.widest"), Is.InRange(200, 680));
        Assert.That(await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"), Is.EqualTo("rgb(20, 23, 26)"),
            "the screen's colours are back");
        Assert.That(complaints, Is.Empty);
    }

    /// <summary>WCAG 2.2, level AA: 4.5 : 1 for text, 3 : 1 for large text; in the dark 3 : 1 for what charts draw, too.</summary>
    [Test]
    public async Task Text_and_charts_keep_their_contrast([Values("run", "table1", "figure3", "figure4")] string name, [Values] bool isDark)
    {
        await using IBrowserContext context = await Context(isDark ? ColorScheme.Dark : ColorScheme.Light);
        IPage page = await Open(context, name, []);
        string[] faint = await page.EvaluateAsync<string[]>(Contrast.Faint, isDark);
        Assert.That(faint, Is.Empty);
    }

    [TestCase(1400)]
    [TestCase(400)]
    public async Task Titles_of_axes_are_not_cut(int width)
    {
        const string x = "structural similarity of image and Jacobian, and more that no panel has room for in one line";
        const string y = "accuracy under AutoAttack in per cent of the images, and more";
        LinePanel panel = new(
            "", x, new Dictionary<double, string>(), [new Line("one", 1, [new LinePoint(0, 30, 20, 40), new LinePoint(1, 50, 40, 60)])]);
        string file = _folder!["axes/report.html"];
        Directory.CreateDirectory(_folder["axes"]);
        HtmlPage.Write(
            file, "Axes", [], [Html.Section("Axes", PageCharts.Panels([.. Enumerable.Range(0, 3).Select(_ => PageCharts.Of(panel, y, 100))]))]);
        await using IBrowserContext context = await Context(ColorScheme.Light);
        List<string> complaints = [];
        IPage page = await Open(context, "axes", complaints);
        await page.SetViewportSizeAsync(width, 900);
        await page.WaitForFunctionAsync("[...document.querySelectorAll('.chart')].every(chart => "
            + "Math.abs(chart.querySelector('.main-svg').clientWidth - chart.clientWidth) < 2)");
        string[] cut = await page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('.chart')].flatMap(chart => {
              const frame = chart.getBoundingClientRect();
              return [...chart.querySelectorAll('.xtitle, .ytitle')].filter(title => {
                const box = title.getBoundingClientRect();
                return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
              }).map(title => title.textContent);
            })
            """);
        Assert.That(cut, Is.Empty);
        Assert.That(await page.Locator(".xtitle tspan").CountAsync(), Is.GreaterThan(3), "they go on in another line");
        Assert.That(await page.Locator(".xtitle").First.TextContentAsync(), Does.Contain("structural similarity"));
        Assert.That(complaints, Is.Empty);
    }

    [Test]
    public async Task A_surface_leaves_no_blank_bands()
    {
        await using IBrowserContext context = await Context(ColorScheme.Light);
        IPage page = await Open(context, "figure3", []);
        foreach (int width in new[] { 1920, 1400, 400 })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.WaitForTimeoutAsync(500);
            using SKBitmap picture = SKBitmap.Decode(await page.Locator(".chart").First.ScreenshotAsync());
            int[] drawn =
            [
                .. Enumerable.Range(0, picture.Height).Where(y => Enumerable.Range(0, picture.Width).Any(x => picture.GetPixel(x, y).Red < 200)),
            ];
            Assert.That(
                (drawn[0] + picture.Height - 1 - drawn[^1]) / (double)picture.Height, Is.LessThan(0.25), $"above and below, at {width} pixels");
        }
    }

    [Test]
    public async Task Wide_screens_are_used_and_on_a_phone_tables_scroll_within_themselves()
    {
        await using IBrowserContext context = await Context(ColorScheme.Light);
        IPage page = await Open(context, "run", []);
        await page.SetViewportSizeAsync(1920, 900);
        Assert.That(await page.EvaluateAsync<int>("document.querySelector('main').clientWidth"), Is.GreaterThan(1600));
        Assert.That(await page.EvaluateAsync<bool>("""
            [...document.querySelectorAll('.pair')].map(pair => [...pair.children].map(child => child.getBoundingClientRect()))
              .every(([chart, figures]) => chart.right < figures.left)
            """), Is.True, "a chart stands beside its figures");

        page = await Open(context, "table1", []);
        await page.SetViewportSizeAsync(400, 800);
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.EqualTo(400));
        ILocator heads = page.Locator("thead th");
        Assert.That(await heads.AllTextContentsAsync(), Is.EqualTo(new[] { "Clean", "lowest", "FGSM", "PGD-5", "PGD-20, margin loss" }));
        Assert.That(await page.EvaluateAsync<bool>(
            "[...document.querySelectorAll('thead th')].slice(0, 2).every(head => head.getBoundingClientRect().right <= 400)"), Is.True);
        await page.SetViewportSizeAsync(240, 800);
        double[] scrolled = await page.EvaluateAsync<double[]>("""
            (() => {
              const box = document.querySelector('.scroll'), name = box.querySelector('tbody th');
              box.scrollLeft = 1000;
              return [box.scrollLeft, name.getBoundingClientRect().left - box.getBoundingClientRect().left];
            })()
            """);
        Assert.That(scrolled[0], Is.GreaterThan(0), "the table is wider than its box");
        Assert.That(scrolled[1], Is.Zero.Within(1), "what a row is stays in sight");
    }

    private Task<IBrowserContext> Context(ColorScheme scheme) =>
        _browser!.NewContextAsync(
            new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1280, Height = 800 } });

    /// <param name="name">The name of a table or figure, or run for the first run's page.</param>
    /// <param name="complaints">Receives errors, and whatever is asked for beyond the page itself.</param>
    private async Task<IPage> Open(IBrowserContext context, string name, List<string> complaints)
    {
        string file = Path.Combine(name == "run" ? Run : _folder![name], "report.html");
        IPage page = await context.NewPageAsync();
        page.Console += (_, message) => complaints.AddRange(message.Type == "error" ? [message.Text] : []);
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) => complaints.AddRange(
            request.Url.StartsWith("data:", StringComparison.Ordinal) || request.Url == new Uri(file).AbsoluteUri ? [] : [request.Url]);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        return page;
    }

    private static int Colours(byte[] screenshot)
    {
        using SKBitmap picture = SKBitmap.Decode(screenshot);
        return picture.Pixels.Distinct().Count();
    }

    /// <summary>From 0, black, to 255.</summary>
    private static double Brightness(byte[] screenshot)
    {
        using SKBitmap picture = SKBitmap.Decode(screenshot);
        return picture.Pixels.Average(pixel => (pixel.Red + pixel.Green + pixel.Blue) / 3.0);
    }
}
