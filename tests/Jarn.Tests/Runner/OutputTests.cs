using Jarn.Tests.Data;

namespace Jarn.Tests.Runner;

/// <summary>Standard output and error that can't be written: a sentence and an exit code, never a stack trace.</summary>
[Platform("Linux")]
public sealed class OutputTests
{
    private const string Lost = "jarn: standard output cannot be written (";

    [TestCase("devices > /dev/full", Lost + "No space left on device", 1)]
    [TestCase("devices >&-", Lost + "it is closed", 1)]
    [TestCase("--help > /dev/full", Lost + "No space left on device", 1)]
    [TestCase("devices >&- 2>&-", "", 1)]
    [TestCase("--steps abc > /dev/full", "jarn: --steps is 'abc'", 2)]
    [TestCase("--steps abc 2> /dev/full", "", 2)]
    [TestCase("--steps abc 2>&-", "", 2)]
    [TestCase("devices 2>&-", "", 0)]
    [TestCase("devices | head -1; exit ${PIPESTATUS[0]}", "", 0)]
    [TestCase("--help | true; exit ${PIPESTATUS[0]}", "", 0)]
    public void That_cannot_be_written_ends_in_a_sentence(string command, string sentence, int code)
    {
        using TemporaryFolder folder = new();
        ProcessResult result = JarnProcess.Shell(folder.Path, $"jarn {command}");
        Assert.That(result.Code, Is.EqualTo(code), result.ToString());
        Assert.That(result.Error, sentence == "" ? Is.Empty : Does.StartWith(sentence));
        Assert.That(result.Error.TrimEnd('\n'), Does.Not.Contain('\n'));
    }

    [Test]
    public void That_is_lost_costs_no_file()
    {
        using TemporaryFolder folder = new();
        ProcessResult result = JarnProcess.Shell(
            folder.Path,
            "jarn --data sketch --device cpu --method standard --steps 1 --batch-size 4 --limit-train 8 --limit-test 2 --attacks fgsm --report off "
            + "--output run > /dev/full");
        Assert.That(result.Code, Is.EqualTo(1), result.Error);
        Assert.That(result.Error, Does.EndWith("(No space left on device), and what was to be printed is lost: files are written as usual\n"));
        Assert.That(File.Exists(folder["run/results.json"]) && File.Exists(folder["run/model.safetensors"]));
    }
}
