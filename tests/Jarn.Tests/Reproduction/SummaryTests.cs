using Jarn.Models;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Tests.Reproduction;

public sealed class SummaryTests
{
    [Test]
    public void Over_seeds_it_is_the_mean_and_the_deviation_of_a_sample()
    {
        Summary summary = Summary.Of([Measured(2), Measured(4), Measured(9)]);
        Assert.That((summary.Mean, summary.Deviation), Is.EqualTo((5.0, Math.Sqrt(13))));
        Assert.That((summary.Low, summary.High), Is.EqualTo((5 - Math.Sqrt(13), 5 + Math.Sqrt(13))));
        Assert.That(summary.Text("0.00"), Is.EqualTo("5.00 ± 3.61"));
    }

    [Test]
    public void Of_one_seed_it_is_the_figure_with_its_own_interval()
    {
        Summary summary = Summary.Of([Measured(4)]);
        Assert.That(summary, Is.EqualTo(new Summary(4, null, 3, 6)));
        Assert.That(summary.Text("0.0"), Is.EqualTo("4.0"));
    }

    [TestCase(8.0 / 255, "8/255")]
    [TestCase(12.0 / 255, "12/255")]
    [TestCase(0, "0")]
    [TestCase(0.3, "0.3")]
    [TestCase(0.6, "0.6")]
    [TestCase(0.075, "0.075")]
    public void A_size_is_written_as_the_paper_does(double epsilon, string text) => Assert.That(Titles.Epsilon(epsilon), Is.EqualTo(text));

    [TestCase("fgsm", "FGSM")]
    [TestCase("pgd20", "PGD-20")]
    [TestCase("pgd40-margin", "PGD-40, margin loss")]
    [TestCase("clean", "Clean")]
    public void An_attack_is_called_as_in_the_paper(string name, string title) => Assert.That(Titles.Attack(name), Is.EqualTo(title));

    [Test]
    public void A_page_is_Markdown()
    {
        MarkdownPage page = new MarkdownPage().Heading("A").List(["b", "c"]).Table(["", "d|e"], [["f", "1"], ["g", "2"]]).Picture("h", "h.png");
        Assert.That(page.ToString(), Is.EqualTo(
            "# A\n\n- b\n- c\n\n|  | d\\|e |\n| --- | --: |\n| f | 1 |\n| g | 2 |\n\n![h](h.png)\n"));
    }

    [Test]
    public void A_cell_of_a_csv_file_is_quoted_where_it_must_be()
    {
        CsvTable table = new CsvTable("name", "value").Add("PGD-AT7, ε = 12/255", 0.1).Add("\"so\"", null).Add("plain", 3UL);
        Assert.That(table.ToString(), Is.EqualTo("name,value\n\"PGD-AT7, ε = 12/255\",0.1\n\"\"\"so\"\"\",\nplain,3\n"));
        Assert.That(() => table.Add(1), Throws.ArgumentException);
    }

    private static Measurement Measured(double accuracy) =>
        new(new MeasurementKey("fgsm", 0.3, 0, 100, BatchStatistics.Running, 1, null), accuracy, new Interval(accuracy - 1, accuracy + 2), 0);
}
