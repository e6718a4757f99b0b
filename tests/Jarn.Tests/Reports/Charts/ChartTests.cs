using System.Text.Json;
using System.Xml.Linq;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Page;
using Jarn.Tests.Data;
using SkiaSharp;

namespace Jarn.Tests.Reports.Charts;

/// <summary>Whatever is measured can be drawn: nothing, one point, a constant, what is not finite. On a page and as a picture.</summary>
public sealed class ChartTests
{
    private const double NaN = double.NaN, Infinity = double.PositiveInfinity;

    private static readonly Dictionary<double, string> _noTicks = [];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Lines()
    {
        yield return new TestCaseData(Array.Empty<double>(), false).SetName("{m}(no point)");
        yield return new TestCaseData(new[] { NaN, NaN }, false).SetName("{m}(not finite)");
        yield return new TestCaseData(new[] { Infinity }, false).SetName("{m}(infinite)");
        yield return new TestCaseData(new[] { 3.0 }, true).SetName("{m}(one point)");
        yield return new TestCaseData(new[] { 0.0, 0, 0 }, true).SetName("{m}(a constant)");
        yield return new TestCaseData(new[] { 1, NaN, 2 }, true).SetName("{m}(a gap)");
    }

    [TestCaseSource(nameof(Lines))]
    public void A_line_of(double[] values, bool isDrawn)
    {
        Line line = new("measured", 0, [.. values.Select((value, x) => new LinePoint(x, value, NaN, value + 1))]);
        foreach (double maximum in new[] { 100, 0, NaN })
        {
            LinePanels panels = new([new LinePanel("over x", "x", _noTicks, [line])], "y", maximum);
            Check(PageCharts.Of(panels), isDrawn, "No values to draw: measured.");
            panels.Write(_folder["chart.png"], "A title", []);
            Check(_folder["chart.png"]);
        }
        Check(PageCharts.Of(new LinePanel("", "x", _noTicks, []), "y"), isDrawn: false, "No values to draw.");
    }

    [Test]
    public void A_line_without_values_is_named_beside_one_with_values()
    {
        LinePanel panel = new(
            "", "x", _noTicks, [new Line("here", 0, [new LinePoint(0, 1, 1, 1)]), new Line("missing", 1, [new LinePoint(0, NaN, NaN, NaN)])]);
        XElement drawn = PageCharts.Of(panel, "y");
        Check(drawn, isDrawn: true, "");
        Assert.That(drawn.Value, Does.Contain("No values: missing."));
        new LinePanels([panel, new LinePanel("", "x", _noTicks, [])], "y", 100).Write(_folder["chart.png"], "A title", []);
        Check(_folder["chart.png"]);
    }

    [Test]
    public void No_panels_are_a_page_and_a_picture_too()
    {
        Assert.That(PageCharts.Of(new LinePanels([], "y", 100)).Elements(), Is.Empty);
        new LinePanels([], "y", 100).Write(_folder["lines.png"], "A title", []);
        Check(_folder["lines.png"]);
        Assert.That(PageCharts.Of(new SurfacePanels([], 2, "x", "y")).Elements(), Is.Empty);
        new SurfacePanels([], 2, "x", "y").Write(_folder["surfaces.png"], "A title", []);
        Check(_folder["surfaces.png"]);
        BarTable table = new([], [], (_, _) => null, "%", 100, "0.0");
        Assert.That(PageCharts.Of(table).Single().Elements(), Is.Empty);
        table.Write(_folder["bars.png"], "A title", []);
        Check(_folder["bars.png"]);
    }

    [Test]
    public void Bars_that_are_not_measured_or_not_finite_are_dashes([Values(100, 0, NaN)] double maximum)
    {
        BarCell?[] cells = [new(50, 40, 60, 45), new(NaN, NaN, NaN, 3), null, new(7, NaN, Infinity, NaN)];
        BarTable table = new([.. cells.Select((_, row) => new BarRow($"row {row}", row))], ["some", "none"],
            (row, column) => column == 0 ? cells[row] : null, "%", maximum, "0.0");
        XElement[] page = [.. PageCharts.Of(table)];
        Check(page[0], isDrawn: true, "No values to draw.");
        string description = page[0].Descendants().Attributes("aria-label").Single().Value;
        Assert.That(description, Is.EqualTo("some, %: row 0 50.0, row 1 not measured, row 2 not measured, row 3 7.0"));
        JsonElement text = Specifications(page[0]).Single().GetProperty("data")[2].GetProperty("text");
        Assert.That(text.EnumerateArray().Select(label => label.GetString()), Is.EqualTo(new[] { "50.0", "7.0", "45.0", "–", "–" }));
        table.Write(_folder["chart.png"], "A title", []);
        Check(_folder["chart.png"]);
    }

    [TestCase(0, 0, false)]
    [TestCase(1, 1, false)]
    [TestCase(3, 1, false)]
    [TestCase(3, 3, true)]
    public void A_surface_of(int across, int up, bool isDrawn)
    {
        foreach (double[] values in new double[][] { [0.5], [NaN], [1, 2, 3, NaN, Infinity] })
        {
            double[,] heights = new double[across, up];
            for (int i = 0; i < heights.Length; i++)
            {
                heights[i / up, i % up] = values[i % values.Length];
            }
            SurfacePanels panels = new([new Surface("first", heights), new Surface("second", new double[,] { { 1, 2 }, { 3, 4 } })], 2, "x", "y");
            XElement page = PageCharts.Of(panels);
            bool drawn = isDrawn && !double.IsNaN(values[0]);
            Assert.That(page.Descendants("p").Select(sentence => sentence.Value),
                drawn ? Is.Empty : Is.EqualTo(new[] { "The loss is not finite: there is nothing to draw." }));
            Assert.That(Specifications(page), Has.Length.EqualTo(drawn ? 2 : 1));
            panels.Write(_folder["chart.png"], "A title", []);
            Check(_folder["chart.png"]);
        }
    }

    private static void Check(XElement page, bool isDrawn, string otherwise)
    {
        Assert.That(Specifications(page), Has.Length.EqualTo(isDrawn ? 1 : 0));
        if (!isDrawn)
        {
            Assert.That(page.Descendants("p").Select(sentence => sentence.Value), Is.EqualTo(new[] { otherwise }));
        }
    }

    /// <summary>As a browser reads them: JSON, which knows neither NaN nor infinity.</summary>
    private static JsonElement[] Specifications(XElement page)
    {
        string[] texts = [.. page.Descendants("script").Select(script => script.Value)];
        Assert.That(texts, Has.None.Contains("NaN").And.None.Contains("Infinity"));
        return [.. texts.Select(text => JsonDocument.Parse(text).RootElement)];
    }

    private static void Check(string path)
    {
        using SKBitmap picture = SKBitmap.Decode(path);
        Assert.That(picture, Is.Not.Null);
        Assert.That(picture.Pixels.Distinct().Count(), Is.GreaterThan(1), "there is a title at least");
    }
}
