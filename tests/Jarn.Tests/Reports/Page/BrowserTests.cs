using Jarn.Runner.Commands;
using Jarn.Tests.Data;
using Microsoft.Playwright;
using SkiaSharp;

namespace Jarn.Tests.Reports.Page;

/// <summary>A run's page and a reproduction's, in Debian's Chromium: drawn, quiet, self-contained, at home on a phone, in the dark and on paper.</summary>
[NonParallelizable]
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
            "--methods", "standard,jarn", "--data", "sketch", "--device", "cpu", "--epochs", "1", "--limit-train", "64", "--limit-test", "40", "--batch-size", "16",
            "--attacks", "fgsm", "--quiet", "--runs", _folder["runs"],
        ];
        TextWriter output = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            Assert.That(CommandLineInterface.Run(["reproduce", "table1", .. options, "--output", _folder["table1"]]), Is.Zero);
            Assert.That(CommandLineInterface.Run(["reproduce", "figure3", "--dataset", "mnist", .. options, "--output", _folder["figure3"]]), Is.Zero);
            Assert.That(CommandLineInterface.Run(["reproduce", "figure4", "--dataset", "mnist", .. options, "--output", _folder["figure4"]]), Is.Zero);
            // With a number of images nothing is left out, however busy the machine.
            Assert.That(CommandLineInterface.Run(["report", "--checkpoint", Run, "--images", "20", "--device", "cpu", "--quiet"]), Is.Zero);
        }
        finally
        {
            Console.SetOut(output);
        }
        _playwright = await Playwright.CreateAsync();
        // Surfaces need WebGL, and there may be no graphics card.
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Browser, Args = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] });
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

    /// <param name="name">Of the page.</param>
    /// <param name="charts">Flat ones, and surfaces.</param>
    /// <param name="pictures">Images of the data and of what depends on them.</param>
    [TestCase("run", 5, 1, 4 * 10)]
    [TestCase("table1", 2, 0, 0)]
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
                Assert.That(Colours(await place.ScreenshotAsync()), Is.GreaterThan(8), $"{await place.GetAttributeAsync("aria-label")} is drawn at {width} pixels");
            }
            Assert.That(await page.Locator(".chart canvas").CountAsync(), Is.EqualTo(surfaces));
            Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.EqualTo(width), "nothing reaches beyond the screen");
            Assert.That(
                await page.EvaluateAsync<bool>("[...document.querySelectorAll('.chart svg.main-svg')].every(chart => chart.getBoundingClientRect().right <= innerWidth)"), Is.True,
                "charts follow the screen's width");
        }
        Assert.That(await page.EvaluateAsync<int>("[...document.images].filter(image => image.complete && image.naturalWidth === 28 && image.alt).length"), Is.EqualTo(pictures));
        Assert.That(await page.EvaluateAsync<bool>("[...document.querySelectorAll('nav a')].every(link => document.querySelector(decodeURI(link.hash)))"), Is.True);
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
        await page.WaitForFunctionAsync("before => getComputedStyle(document.querySelector('.chart .ytick text, .chart .xtick text')).fill !== before", ink);
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
              window.printed = { page: getComputedStyle(document.body).backgroundColor, widest: Math.max(...[...document.querySelectorAll('.chart')].map(chart => chart.offsetWidth)) };
            });
            """);
        byte[] paper = await page.PdfAsync(new PagePdfOptions { Format = "A4", PrintBackground = true });
        Assert.That(paper.AsSpan(0, 5).SequenceEqual("%PDF-"u8), Is.True);
        Assert.That(paper, Has.Length.GreaterThan(50_000));
        Assert.That(await page.EvaluateAsync<string>("window.printed.page"), Is.EqualTo("rgb(255, 255, 255)"));
        Assert.That(await page.EvaluateAsync<int>("window.printed.widest"), Is.InRange(200, 680));
        Assert.That(await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"), Is.EqualTo("rgb(20, 23, 26)"), "the screen's colours are back");
        Assert.That(complaints, Is.Empty);
    }

    private Task<IBrowserContext> Context(ColorScheme scheme) =>
        _browser!.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1280, Height = 800 } });

    /// <param name="context">Its window.</param>
    /// <param name="name">A target's, or run for the first run's.</param>
    /// <param name="complaints">Receives errors, and whatever is asked for beyond the page itself.</param>
    private async Task<IPage> Open(IBrowserContext context, string name, List<string> complaints)
    {
        string file = Path.Combine(name == "run" ? Run : _folder![name], "report.html");
        IPage page = await context.NewPageAsync();
        page.Console += (_, message) => complaints.AddRange(message.Type == "error" ? [message.Text] : []);
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) => complaints.AddRange(request.Url.StartsWith("data:", StringComparison.Ordinal) || request.Url == new Uri(file).AbsoluteUri ? [] : [request.Url]);
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
