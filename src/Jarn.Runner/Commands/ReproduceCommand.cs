using Jarn.Kernels;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;
using Jarn.Runner.Reporting;
using Jarn.Runner.Reporting.Page;
using Jarn.Runner.Reporting.Reproduction;
using Jarn.Runner.Settings;

namespace Jarn.Runner.Commands;

/// <summary>
/// <c>jarn reproduce</c>: trains the missing runs, measures what was not measured yet, and writes each table and figure as CSV, Markdown and PNG,
/// and all of them as one HTML page.
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
        IReadOnlyList<PaperResult> results = PaperResults.Named(
            name, options.Dataset, options.Methods is not null, dataset => Experiment(options, dataset, device.Description.Kind));
        Model[] models = [.. results.SelectMany(result => result.Models.Concat(result.Helpers))];
        options.RequireHeeded([.. models.SelectMany(model => model.Runs)]);
        if (options.Seeds > 1 && models.All(model => model.Runs.Count == 1))
        {
            throw new UserErrorException($"--seeds has no effect with {name}, which shows one run of each method: leave it out");
        }
        string preset = Titles.Preset(results[0].Models[0].Runs[0].Preset);
        string folder = options.Output ?? Path.Combine("reproduction", $"{name}-{preset}");
        WritableFolder.Create(folder, "--output");
        ExperimentRunner runner = new(device, new RunStore(options.Runs), display, outputs);
        if (!options.Quiet)
        {
            foreach (string line in new TrainingPlan(runner, results).Describe(device.Description.Kind == DeviceKind.Cpu ? Measure : null))
            {
                display.Note(line);
            }
        }
        (PaperResult Result, ReproducedResult Reproduced)[] made = [.. results.Select(result => (result, Write(result, runner, folder, display)))];
        if (outputs.Report)
        {
            ReproductionReport.Write(Path.Combine(folder, HtmlPage.Name), name, preset, made);
        }
        if (name == PaperResults.All)
        {
            WriteIndex(results, preset, folder);
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

    private static ReproducedResult Write(PaperResult result, ExperimentRunner runner, string folder, IDisplay display)
    {
        PlannedRun[] missing = [.. new TrainingPlan(runner, [result]).Missing];
        for (int i = 0; i < missing.Length; i++)
        {
            display.Note($"{result.Name}: training run {i + 1} of {missing.Length}, {missing[i].Title}");
            runner.Obtain(missing[i].Configuration);
        }
        ReproducedResult reproduced = result.Reproduce(runner);
        AtomicFile.Write(Path.Combine(folder, $"{result.Name}.csv"), reproduced.Csv.ToString());
        AtomicFile.Write(Path.Combine(folder, $"{result.Name}.md"), reproduced.Page.ToString());
        reproduced.Picture(Path.Combine(folder, $"{result.Name}.png"));
        Console.WriteLine(reproduced.Page);
        return reproduced;
    }

    private static void WriteIndex(IReadOnlyList<PaperResult> results, string preset, string folder)
    {
        MarkdownPage page = new MarkdownPage().Heading($"Jacobian Adversarially Regularized Networks: tables and figures, preset {preset}");
        foreach (PaperResult result in results)
        {
            page.Heading(result.Title, level: 2)
                .Paragraph($"[Page]({result.Name}.md), [figures as CSV]({result.Name}.csv)")
                .Picture(result.Title, $"{result.Name}.png");
        }
        AtomicFile.Write(Path.Combine(folder, "index.md"), page.ToString());
    }
}
