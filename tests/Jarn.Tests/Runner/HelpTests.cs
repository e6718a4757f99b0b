using System.Reflection;
using System.Runtime.CompilerServices;
using CommandLine;
using Jarn.Runner.Commands;
using Jarn.Tests.Export;

namespace Jarn.Tests.Runner;

/// <summary>Every command's help fits a terminal and gives examples that work, and the README has the same commands and exit codes.</summary>
public sealed class HelpTests
{
    private const int LongestPage = 75, Width = 80;

    private static Type[] Verbs { get; } = [.. typeof(CommandLineInterface).Assembly.GetTypes().Where(type => type.IsDefined(typeof(VerbAttribute)))];

    private static string Readme { get; } = File.ReadAllText(Path.Combine(Repository(), "README.md"));

    [Test]
    public void Of_the_program_names_every_verb_and_exit_code()
    {
        string page = Help("--help");
        AssertFits(page);
        Assert.That(new[] { Help("-h"), Help("help") }, Is.All.EqualTo(page));
        Assert.That(new[] { Help("--version"), Help("-V") }, Is.All.Match(@"^jarn \d+\.\d+"));
        Assert.Multiple(() =>
        {
            foreach (string line in Verbs.Select(verb => $"  {Name(verb)} ").Concat(ExitCode.All.Select(code => $"  {code.Number} ")))
            {
                Assert.That(page, Does.Contain($"\n{line}"));
            }
        });
    }

    [TestCaseSource(nameof(Verbs))]
    public void Of_a_verb_fits_a_terminal_and_names_every_option(Type verb)
    {
        string page = Help(Name(verb), "--help");
        AssertFits(page);
        Assert.Multiple(() =>
        {
            IEnumerable<OptionAttribute> options =
                verb.GetProperties().Select(property => property.GetCustomAttribute<OptionAttribute>()).OfType<OptionAttribute>();
            foreach (OptionAttribute option in options)
            {
                Assert.That(option.Hidden || $"{page}\n".Contains($" --{option.LongName}{(option.MetaValue == "" ? "" : $" {option.MetaValue}")}"),
                    $"--{option.LongName} is missing");
            }
        });
        Assert.That(new[] { Help("help", Name(verb)), Help(Name(verb), "help"), Help(Name(verb), "-h"), Help("help", Name(verb).ToUpperInvariant()) },
            Is.All.EqualTo(page));
    }

    [TestCaseSource(nameof(Verbs))]
    public void Of_a_verb_has_examples_that_parse(Type verb)
    {
        IReadOnlyList<(string Command, string Purpose)> examples = HelpPage.Examples(verb);
        Assert.That(
            examples, Has.Count.InRange(1, 3), $"{verb.Name} needs one to three examples: a static property with [Usage], as TrainOptions.Examples");
        string page = Help(Name(verb), "--help");
        foreach ((string command, string purpose) in examples)
        {
            object parsed = CommandLineInterface.Parse(command.Split(' ')[1..]);
            Assert.That(parsed, Is.TypeOf(verb), command);
            Assert.That(Arguments.Format(parsed), Is.EqualTo(command));
            Assert.That(Words(page.Replace(" \\\n", "\n", StringComparison.Ordinal)), Does.Contain(command));
            Assert.That(Words(page), Does.Contain(Words(purpose)));
        }
    }

    [TestCase("train")]
    [TestCase("reproduce")]
    public void Of_a_large_group_explains_each_option(string verb)
    {
        string page = Help(verb, "--help", "recipe");
        AssertFits(page);
        Assert.That(page, Does.Match(@"\n  --weight-decay RATE +L2 penalty on the weights of convolutions and\n +linear layers\n"));
    }

    [Test]
    public void Says_with_what_an_option_counts()
    {
        string page = Words(Help("train", "--help", "method"));
        Assert.That(page, Does.Contain("--lambda-adv L Weight of the adversarial loss (only with --method jarn or jarn-at1) --discriminator-widths"));
        Assert.That(Words(Help("data", "--help")), Does.Contain("(only with 'jarn data show')"));
    }

    [Test]
    public void Is_given_wherever_it_is_asked_for() => Assert.That(Help("--dataset", "svhn", "--help"), Is.EqualTo(Help("train", "--help")));

    [Test]
    public void On_what_there_is_none_of_says_what_there_is()
    {
        (int exitCode, string error) = CommandLineTests.Run("train", "--help", "weather");
        Assert.That(
            (exitCode, error), Is.EqualTo((2, "jarn: there is no help on weather: give options, recipe, method, network, data, or --help alone\n")));
    }

    [Test]
    public void The_readme_has_a_row_for_every_verb_and_for_no_other()
    {
        string commands =
            Readme[Readme.IndexOf("\n## Commands\n", StringComparison.Ordinal)..Readme.IndexOf("\n## Data\n", StringComparison.Ordinal)];
        IEnumerable<string> rows = commands.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);
        Assert.That(rows.Where(row => !row.Contains("--help")), Is.EquivalentTo(Verbs.Select(Name)));
    }

    [Test]
    public void The_readme_gives_every_exit_code()
    {
        Assert.Multiple(() =>
        {
            foreach (ExitCode code in ExitCode.All)
            {
                Assert.That(Readme, Does.Contain($"\n| {code.Number} | {code.Meaning} |\n"));
            }
        });
    }

    private static void AssertFits(string page)
    {
        string[] lines = page.Split('\n');
        Assert.That(lines, Has.Length.AtMost(LongestPage), page);
        Assert.That(lines.Where(line => line.Length > Width), Is.Empty);
    }

    private static string Words(string text) => string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static string Help(params string[] arguments) => Classifiers.RunForOutput(arguments).TrimEnd('\n');

    private static string Name(Type verb) => verb.GetCustomAttribute<VerbAttribute>()!.Name;

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
