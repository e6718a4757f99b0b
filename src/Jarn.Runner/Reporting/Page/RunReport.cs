using System.Xml.Linq;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting.Reproduction;

namespace Jarn.Runner.Reporting.Page;

/// <summary>report.html of a run: what its files tell and, measured anew, what they do not.</summary>
public static class RunReport
{
    /// <param name="directory">The folder of a finished run.</param>
    /// <param name="images">The test images that the run was measured on.</param>
    /// <param name="sweepImages">The number of images of the ε sweep, see <see cref="RunFindings.Measure"/>.</param>
    /// <returns>What was measured for the page.</returns>
    /// <exception cref="UserErrorException">A file of the run is absent or damaged, or the page can't be written.</exception>
    public static RunFindings Write(RunDirectory directory, IDevice device, ImageSet images, int? sweepImages, IDisplay display)
    {
        RunConfiguration configuration = JsonFile.Read<RunConfiguration>(directory.Config);
        RunResults results = JsonFile.Read<RunResults>(directory.Results);
        IReadOnlyList<MetricsRow> metrics = MetricsCsv.Read(directory.Metrics);
        (Network classifier, ModelOrigin origin) = ModelFile.Read(directory.Model, device);
        using Network measured = classifier;
        IReadOnlyList<Measurement> known =
            new Measurements(new FinishedRun(directory, RunIdentity.Of(configuration, results), configuration, results)).All;
        RunFindings findings = RunFindings.Measure(device, measured, images, origin.Epsilon, results.Seed, sweepImages, display);
        Write(directory.Report, configuration, results, metrics, findings, AuditStore.Of(directory.Folder).Read(results.Epsilon), known);
        return findings;
    }

    /// <summary>Writes the page from what was already measured.</summary>
    /// <param name="findings">What was measured for the page.</param>
    /// <param name="audits">The audits of the run's classifier.</param>
    /// <param name="known">Accuracies that were measured later; they count for the lowest accuracy.</param>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(
        string path, RunConfiguration configuration, RunResults results, IReadOnlyList<MetricsRow> metrics, RunFindings findings,
        AuditSelection? audits = null, IReadOnlyList<Measurement>? known = null)
    {
        AttackedAccuracy? lowest = AttackedAccuracy.Lowest(
        [
            .. audits is null ? [] : AttackedAccuracy.Of(audits, results.Epsilon),
            .. AttackedAccuracy.Of(results),
            .. AttackedAccuracy.Of(known ?? [], results.Epsilon),
            .. findings.Sweep is Sweep sweep ? AttackedAccuracy.Of(sweep, results.Epsilon) : [],
        ]);
        RunSections sections = new(configuration, results, lowest);
        HtmlPage.Write(
            path, $"{Titles.Method(results.Method)} on {sections.Images}", [.. sections.Head()],
            [.. new XElement?[]
            {
                sections.Accuracy(),
                audits is null ? null : AuditSections.Of(audits),
                sections.SizeSweep(findings.Sweep),
                sections.Specimens(findings.Specimens),
                sections.LossSurface(findings.Surface),
                sections.LearningCurves(metrics),
                sections.TimeAndCost(),
                ConfigurationSection.Of(configuration),
            }.OfType<XElement>()]);
    }
}
