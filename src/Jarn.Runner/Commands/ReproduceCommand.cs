using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Experiments;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.Page;
using Jarn.Runner.Reporting.Reproduction;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>
/// <c>jarn reproduce</c>: what is missing is trained, what is unknown measured, and the target written as CSV, Markdown, PNG and one HTML page.
/// </summary>
public static class ReproduceCommand
{
    public static int Run(ReproduceOptions options)
    {
        string name = options.Targets.ToArray() is [string one] ? one
            : throw new UserErrorException("jarn reproduce takes one target: give table1 to table5, figure2 to figure5, or all");
        IDisplay display = Display.For(options.Quiet);
        RunOutputs outputs = options.Outputs;
        using IDevice device = DeviceChoice.Of(options).Open();
        IReadOnlyList<PaperResult> targets = PaperResults.Named(
            name, options.Dataset, options.Methods is not null, dataset => Experiment(options, dataset, device.Description.Kind));
        Model[] models = [.. targets.SelectMany(target => target.Models.Concat(target.Helpers))];
        options.RequireHeeded([.. models.SelectMany(model => model.Runs)]);
        if (options.Seeds > 1 && models.All(model => model.Runs.Count == 1))
        {
            throw new UserErrorException($"--seeds has no effect with {name}, which shows one run of each method: leave it out");
        }
        string preset = Titles.Preset(targets[0].Models[0].Runs[0].Preset);
        string folder = options.Output ?? Path.Combine("reproduction", $"{name}-{preset}");
        WritableFolder.Create(folder, "--output");
        ExperimentRunner runner = new(device, new RunStore(options.Runs), display, outputs);
        if (!options.Quiet)
        {
            foreach (string line in new TrainingPlan(runner, targets).Describe(device.Description.Kind == DeviceKind.Cpu ? Measure : null))
            {
                display.Note(line);
            }
        }
        (PaperResult Result, ReproducedResult Report)[] made = [.. targets.Select(target => (target, Write(target, runner, folder, display)))];
        if (outputs.Report)
        {
            ReproductionReport.Write(Path.Combine(folder, HtmlPage.Name), name, preset, made);
        }
        if (name == PaperResults.All)
        {
            WriteIndex(targets, preset, folder);
        }
        Console.WriteLine($"Files: {folder}");
        return 0;

        // On a device of its own, so that its memory goes back to the system.
        RecipeCost Measure(TrainingConfiguration configuration, Dataset data)
        {
            using IDevice trial = DeviceChoice.Of(options).Open();
            return RecipeCost.Measure(trial, configuration, data.Train);
        }
    }

    private static Experiment Experiment(ReproduceOptions options, string dataset, DeviceKind device) => new(
        dataset, [.. Enumerable.Range(0, OptionValue.Within("--seeds", options.Seeds, 1, 1000)).Select(seed => (ulong)seed)], options.Methods,
        options.Settings.ContainsKey("attacks"), (method, seed) => options.Resolve(dataset, method, seed, device));

    private static ReproducedResult Write(PaperResult target, ExperimentRunner runner, string folder, IDisplay display)
    {
        PlannedRun[] missing = [.. new TrainingPlan(runner, [target]).Missing];
        for (int i = 0; i < missing.Length; i++)
        {
            display.Note($"{target.Name}: training run {i + 1} of {missing.Length}, {missing[i].Title}");
            runner.Obtain(missing[i].Configuration);
        }
        ReproducedResult report = target.Reproduce(runner);
        AtomicFile.Write(Path.Combine(folder, $"{target.Name}.csv"), report.Csv.ToString());
        AtomicFile.Write(Path.Combine(folder, $"{target.Name}.md"), report.Page.ToString());
        report.Picture(Path.Combine(folder, $"{target.Name}.png"));
        Console.WriteLine(report.Page);
        return report;
    }

    private static void WriteIndex(IReadOnlyList<PaperResult> targets, string preset, string folder)
    {
        MarkdownPage page = new MarkdownPage().Heading($"Jacobian Adversarially Regularized Networks: tables and figures, preset {preset}");
        foreach (PaperResult target in targets)
        {
            page.Heading(target.Title, level: 2).Paragraph($"[Page]({target.Name}.md), [figures as CSV]({target.Name}.csv)")
                .Picture(target.Title, $"{target.Name}.png");
        }
        AtomicFile.Write(Path.Combine(folder, "index.md"), page.ToString());
    }
}
