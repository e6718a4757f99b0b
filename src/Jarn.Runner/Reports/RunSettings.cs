using Jarn.Models;
using Jarn.Runner.Data;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;

namespace Jarn.Runner.Reports;

/// <summary>The settings of a run that have an effect on it, for people: config.json has them all.</summary>
internal static class RunSettings
{
    /// <summary>Without the run's device, versions and files.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(RunConfiguration configuration)
    {
        TrainingConfiguration options = configuration.Options;
        ClassifierKind network = Datasets.Describe(options.Dataset).Shape.Channels == 1 ? ClassifierKind.MnistCnn : ClassifierKind.WideResNet;
        return
        [
            .. ConfigurationRows.Of(configuration).Where(group => group.Title?.StartsWith("options", StringComparison.Ordinal) == true)
                .SelectMany(group => group.Rows.Select(row =>
                    (Name: group.Title == "options: schedule" ? $"checkpoint {row.Name}" : row.Name, row.Value)))
                .Where(row => row.Value != "—" && row.Name is not ("device" or "threads" or "winograd" or "data directory"))
                .Where(row => RecipeScope.AppliesToKey(row.Name.Replace(' ', '_'), options.Method, network))
                .Select(row => (row.Name, Value: row.Name switch
                {
                    "epsilon" => PerturbationSize.Text(options.Recipe.Epsilon),
                    "training attack step size" => PerturbationSize.Text(options.Recipe.TrainingAttackStepSize),
                    _ => row.Value,
                })),
        ];
    }

    /// <summary>What it was computed with.</summary>
    public static IReadOnlyList<(string Name, string Value)> Environment(RunConfiguration configuration) =>
    [
        ("device", configuration.Device),
        ("Jarn", configuration.Versions.Jarn),
        (".NET", configuration.Versions.Dotnet),
        ("ILGPU", configuration.Versions.Ilgpu),
        ("system", configuration.Versions.System),
    ];
}
