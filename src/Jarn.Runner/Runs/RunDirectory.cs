using System.Globalization;

namespace Jarn.Runner.Runs;

/// <summary>The folder that holds everything that one run leaves.</summary>
public sealed class RunDirectory
{
    private RunDirectory(string path) => Folder = path;

    public string Folder { get; }

    /// <summary>The settings in force and the checksums of the data.</summary>
    public string Config => Path.Combine(Folder, "config.json");

    /// <summary>A row every so many steps, see <see cref="MetricsCsv"/>.</summary>
    public string Metrics => Path.Combine(Folder, "metrics.csv");

    public string Results => Path.Combine(Folder, "results.json");

    /// <summary>The trained classifier, see <see cref="ModelFile"/>.</summary>
    public string Model => Path.Combine(Folder, ModelFile.Name);

    /// <summary>All of it on one page, see <see cref="Reports.Page.RunReport"/>.</summary>
    public string Report => Path.Combine(Folder, Reports.Page.HtmlPage.Name);

    /// <summary>What was measured later, see <see cref="Runs.Measurements"/>.</summary>
    public string Evaluations => Path.Combine(Folder, "evaluations.json");

    /// <summary>The folder of a run that is there already.</summary>
    public static RunDirectory Existing(string folder) => new(folder);

    /// <summary>
    /// Creates <paramref name="output"/> or, where that is null, a folder under <paramref name="root"/> named by what runs and when.
    /// </summary>
    /// <param name="output">The folder wished for; it must be empty or absent.</param>
    /// <param name="dataset">The data set's name.</param>
    /// <param name="method">The training method's name.</param>
    /// <param name="start">When the run began.</param>
    /// <param name="root">Where runs without a folder of their own go.</param>
    /// <exception cref="UserErrorException">It holds files already, or can't be created or written.</exception>
    public static RunDirectory Create(string? output, string dataset, string method, DateTime start, string root = "runs") => Prepare(
        output ?? Unused(Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{dataset}-{method}-{start:yyyyMMdd-HHmmss}"))), "--output");

    /// <summary>Creates a folder of a name under a root, with a number after it where that name is taken.</summary>
    /// <exception cref="UserErrorException">It can't be created or written.</exception>
    public static RunDirectory CreateUnder(string root, string name) => Prepare(Unused(Path.Combine(root, name)), "--runs");

    private static RunDirectory Prepare(string folder, string option)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new UserErrorException($"{folder} holds files already and a run overwrites nothing: give a new folder to {option}");
        }
        WritableFolder.Create(folder, option);
        return new RunDirectory(folder);
    }

    /// <summary>Two runs begun within one second get two folders.</summary>
    private static string Unused(string folder)
    {
        string candidate = folder;
        for (int n = 2; Path.Exists(candidate); n++)
        {
            candidate = $"{folder}-{n}";
        }
        return candidate;
    }
}
