using System.Xml.Linq;
using Jarn.Runner.Reporting.Page;

namespace Jarn.Tests.Reports.Page;

public sealed class HtmlTextTests
{
    [Test]
    public void Text_and_attributes_are_escaped_whatever_is_in_them() => Assert.That(
        Text(Html.Of("p", new XAttribute("title", "a \"b\" & <c>"), "1 < 2 & 3 > 2", Html.Of("b", "</p><script>alert(1)</script>"))),
        Is.EqualTo("<p title=\"a &quot;b&quot; &amp; &lt;c&gt;\">1 &lt; 2 &amp; 3 &gt; 2<b>&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</b></p>"));

    [Test]
    public void Only_elements_without_content_stay_open() => Assert.That(
        Text(Html.Of("div", Html.Of("img", new XAttribute("alt", "")), Html.Of("br"), Html.Of("span"), Html.Of("script"))),
        Is.EqualTo("<div><img alt=\"\"><br><span></span><script></script></div>"));

    [Test]
    public void A_script_is_written_as_it_stands_and_can_hold_no_end_of_it()
    {
        Assert.That(Text(Html.Of("script", "if (a < b && c) {}")), Is.EqualTo("<script>if (a < b && c) {}</script>"));
        Assert.That(() => Text(Html.Of("script", "'</SCRIPT>'")), Throws.ArgumentException);
        Assert.That(() => Text(Html.Of("style", "<!--")), Throws.ArgumentException);
    }

    [Test]
    public void A_section_bears_its_titles_name() => Assert.That(
        Text(Html.Section("Accuracy over ε", Html.Paragraph("x"))),
        Is.EqualTo("<section id=\"accuracy-over-ε\" aria-labelledby=\"accuracy-over-ε-title\"><h2 id=\"accuracy-over-ε-title\">Accuracy over "
            + "ε</h2><p>x</p></section>"));

    [Test]
    public void A_tables_cells_say_what_they_belong_to() => Assert.That(
        Text(Html.Table("numbers", ["", "a"], [["**x**", "1"]])),
        Does.Contain("<tr><td></td><th scope=\"col\">a</th></tr>").And.Contain("<tr><th scope=\"row\"><strong>x</strong></th><td>1</td></tr>")
            .And.Contain("<caption>numbers</caption>"));

    private static string Text(XElement element)
    {
        using StringWriter writer = new();
        HtmlText.Write(writer, element);
        return writer.ToString();
    }
}
