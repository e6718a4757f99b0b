using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Reporting;

/// <summary>The settings of a run that have an effect on it, for people: config.json has them all.</summary>
internal static class RunSettings
{
    /// <summary>Without the run's device, versions and files.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(RunConfiguration configuration)
    {
        return
        [
            .. ConfigurationRows.Of(configuration).Where(group => group.Title?.StartsWith("options", StringComparison.Ordinal) == true)
                .SelectMany(group => group.Rows.Select(row => (Name: Name(group.Title!, row.Name), row.Value)))
                .Where(row => row.Value != "—" && row.Name is not ("device" or "threads" or "winograd" or "data directory")),
        ];
    }

    /// <summary>A row's name, which is clear without its group's.</summary>
    private static string Name(string group, string row) => group == "options: schedule" ? $"checkpoint {row}"
        : row == MethodSettingsConverter.NameKey ? group.Split(": ")[^1] : row;

    /// <summary>The software and the device of a run.</summary>
    public static IReadOnlyList<(string Name, string Value)> Environment(RunConfiguration configuration) =>
    [
        ("device", configuration.Device),
        ("Jarn", configuration.Versions.Jarn),
        (".NET", configuration.Versions.Dotnet),
        ("ILGPU", configuration.Versions.Ilgpu),
        ("system", configuration.Versions.System),
    ];
}
