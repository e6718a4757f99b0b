using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Jarn.Runner.Reporting;
using Spectre.Console;

namespace Jarn.Tests.Reports;

/// <summary>Tables and text on terminals of every width, with whatever a folder may be called.</summary>
public sealed class TextTableTests
{
    private static readonly string[] Cells =
    [
        "数据集训练运行", "a数b据c集d", "runs/很长的名字没有空格的运行目录/其他", "😀😀😀👨‍👩‍👧‍👦🇩🇪❤️", "🏳️‍🌈", "e\u0301e\u0301n\u0303o\u0308", "\u200b\u200b",
        "ㅎㅏㄴ한국어", "＊", "mnist 数 据", new('x', 300), new('数', 150), "short words here", "two\nlines of it", "", "-", "tab\there", "red\u001b[31m",
    ];

    /// <summary>Spectre.Console's table never ended here, and took all memory (its issue 2033).</summary>
    [Test]
    [CancelAfter(60_000)]
    public void A_table_ends_on_every_width_and_breaks_no_word([Values] bool isFramed, CancellationToken ended)
    {
        Random random = new(2033);
        for (int width = 1; width <= 200; width++)
        {
            ended.ThrowIfCancellationRequested();
            int columns = 1 + random.Next(8);
            string[][] rows = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Any(random, columns))];
            TextTable table = new([.. Any(random, columns)]) { IsFramed = isFramed };
            foreach (string[] row in rows)
            {
                table.AddRow([.. row]);
            }
            string[] printed = Print(table, width);
            HashSet<string> words = [.. printed.SelectMany(line => line.Split([' ', '│'], StringSplitOptions.RemoveEmptyEntries))];
            string[] expected =
            [
                .. rows.SelectMany(row => row).SelectMany(cell => cell.Split(' ', '\n')).Select(Shown)
                    .Where(word => word is not ("" or TextTable.Absent)).Distinct(),
            ];
            Assert.That(words, Is.SupersetOf(expected), $"{columns} columns on {width} cells");
            bool isGrid = printed.Any(line => Regex.IsMatch(line, isFramed ? "^├─" : "^─[─ ]*$"));
            // A list has single words that are wider, behind a margin of four.
            int widest = words.Max(TextLines.Width) + 4;
            Assert.That(printed.Max(TextLines.Width), Is.AtMost(isGrid ? width : Math.Max(width, widest)), $"{columns} columns on {width} cells");
        }
    }

    [Test]
    public void A_cells_width_is_that_on_a_terminal()
    {
        Assert.That(
            new[] { "abc", "数据", "e\u0301", "👨‍👩‍👧‍👦", "❤️", "\u200b", "" }.Select(TextLines.Width), Is.EqualTo(new[] { 3, 4, 1, 2, 2, 0, 0 }));
        Assert.That(TextLines.Cut("a数据", 4), Is.EqualTo("a数"));
        string[] lines = Print(Sample(("数据", "1"), ("é", "22")), 80);
        Assert.That(lines.Where(line => line != "").Select(TextLines.Width).Distinct(), Has.One.Items, "the frame is straight");
    }

    [Test]
    public void A_table_first_breaks_lines_then_leaves_out_what_can_be_done_without_and_at_last_is_a_list()
    {
        TextTable table = new("Name", new TextColumn("Size", IsNumber: true), new TextColumn("Begun", Rank: 1), new TextColumn("Seed", Rank: 2))
        {
            IsFramed = false,
        };
        table.AddRow("runs/one", "5", "some time ago", "12345678");
        Assert.That(Print(table, 80), Is.EqualTo(new[]
        {
            "Name      Size  Begun          Seed", "────────  ────  ─────────────  ────────", "runs/one     5  some time ago  12345678", "",
        }));
        Assert.That(Print(table, 35)[2..4], Is.EqualTo(new[] { "runs/one     5  some time  12345678", "                ago" }));
        Assert.That(Print(table, 26),
            Has.Some.EqualTo("runs/one     5  some time").And.Some.StartsWith("(Not shown, the terminal").And.None.Contains("12345678"));
        Assert.That(Print(table, 9)[0..2], Is.EqualTo(new[] { "runs/one", "  Size: 5" }));
    }

    [Test]
    public void Control_characters_do_not_reach_the_terminal() =>
        Assert.That(string.Concat(Print(Sample(("a\u001b[2Jb", "\u0007")), 80)),
            Does.Contain("a\ufffd[2Jb").And.Not.Contain('\u001b').And.Not.Contain('\u0007'));

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(20)]
    [CancelAfter(20_000)]
    public void A_note_ends_on_every_width(int width, CancellationToken ended)
    {
        foreach (string cell in Cells)
        {
            ended.ThrowIfCancellationRequested();
            Assert.That(string.Join(' ', Print(new TextLines($"- {cell}", indent: 2), width)), Does.Contain(Shown(cell.Split(' ', '\n')[^1])));
        }
    }

    [Test]
    public void Progress_is_cut_to_the_terminal()
    {
        string line = Jarn.Runner.Reporting.LiveDisplay.Line("训练", 3, 12, "loss 0.5", TimeSpan.FromSeconds(75));
        Assert.That(line, Is.EqualTo("训练  25 % ━━━━━━────────────────── 0:01:15  loss 0.5"));
        Assert.That(Enumerable.Range(1, 60).Select(width => TextLines.Width(TextLines.Cut(line, width)) - width), Has.All.AtMost(0));
    }

    [Test]
    public void No_table_of_the_program_is_another()
    {
        string source = Path.Combine(Repository(), "src", "Jarn.Runner");
        Regex spectre = new(
            @"\b(Table|Grid|Columns|Panel) \w+ = new|\bnew (Table|Grid|Columns|Panel|Text|Markup)\b|\bMarkupLine|Output\.WriteLine|\bProgress\(\)");
        Assert.That(Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/") && spectre.IsMatch(File.ReadAllText(file))), Is.Empty);
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    private static string[] Any(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Cells[random.Next(Cells.Length)])];

    private static string Shown(string word) => string.Concat(word.Select(letter => char.IsControl(letter) ? '\ufffd' : letter));

    private static TextTable Sample(params (string First, string Second)[] rows)
    {
        TextTable table = new("First", "Second");
        foreach ((string first, string second) in rows)
        {
            table.AddRow(first, second);
        }
        return table;
    }

    private static string[] Print(Spectre.Console.Rendering.IRenderable what, int width)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Write(what);
        return text.ToString().Split('\n');
    }
}
