using Jarn.Runner.Reports.Charts;
using Jarn.Runner.Reports.Page;
using Jarn.Tests.Data;

namespace Jarn.Tests.Reports.Page;

/// <summary>Charts of no values, of one, and of values that are no numbers: drawn as far as they go, with a reason in place of what can't be.</summary>
public sealed class EmptyChartTests
{
    private static readonly LinePoint One = new(1, 2, 2, 2), NotANumber = new(2, double.NaN, double.NaN, double.NaN);

    private static IEnumerable<TestCaseData> Lines()
    {
        yield return new TestCaseData((object)Array.Empty<Line>(), false).SetArgDisplayNames("none");
        yield return new TestCaseData((object)new[] { new Line("a", 0, []) }, false).SetArgDisplayNames("empty");
        yield return new TestCaseData((object)new[] { new Line("a", 0, [NotANumber]) }, false).SetArgDisplayNames("NaN");
        yield return new TestCaseData((object)new[] { new Line("a", 0, [One]) }, true).SetArgDisplayNames("one point");
        yield return new TestCaseData((object)new[] { new Line("a", 0, [One, NotANumber]), new Line("b", 1, []) }, true).SetArgDisplayNames("mixed");
    }

    [TestCaseSource(nameof(Lines))]
    public void Lines_are_drawn_as_far_as_there_are_values(Line[] lines, bool isDrawn)
    {
        LinePanel panel = new("", "x", new Dictionary<double, string>(), lines);
        Expect(PageCharts.Of(panel, "y", 100).ToString(), isDrawn);
        using TemporaryFolder folder = new();
        new LinePanels([panel], "y", 100).Write(folder["lines.png"], "Lines", []);
        Assert.That(File.Exists(folder["lines.png"]));
    }

    [TestCase(false)]
    [TestCase(true, double.NaN)]
    [TestCase(true, 1.0)]
    public void Bars_are_drawn_as_far_as_there_are_values(bool hasRow, double value = 0)
    {
        BarTable table = new(hasRow ? [new BarRow("a", 0)] : [], ["Column"], (_, _) => new BarCell(value, value, value, null), "unit", 100, "0.0");
        Expect(string.Concat(PageCharts.Of(table)), hasRow && double.IsFinite(value));
        using TemporaryFolder folder = new();
        table.Write(folder["bars.png"], "Bars", []);
        Assert.That(File.Exists(folder["bars.png"]));
    }

    [TestCase(double.NaN, false)]
    [TestCase(double.PositiveInfinity, false)]
    [TestCase(1.0, true)]
    public void A_surface_is_drawn_where_all_of_it_is_finite(double value, bool isDrawn)
    {
        SurfacePanels panels = new([new Surface("a", new[,] { { 0, 1, 2 }, { 3, value, 5 }, { 6, 7, 8 } })], 2, "x", "y");
        Expect(PageCharts.Of(panels).ToString(), isDrawn);
        using TemporaryFolder folder = new();
        panels.Write(folder["surface.png"], "Surface", []);
        Assert.That(File.Exists(folder["surface.png"]));
    }

    private static void Expect(string html, bool isDrawn)
    {
        Assert.That(html, isDrawn ? Does.Contain("class=\"chart\"").And.Not.Contains("Nothing to draw") : Does.Contain("Nothing to draw: ").And.Not.Contains("class=\"chart\""));
        Assert.That(html, Does.Not.Contain(":NaN").And.Not.Contains("[NaN").And.Not.Contains(",NaN"), "no JSON");
    }
}
