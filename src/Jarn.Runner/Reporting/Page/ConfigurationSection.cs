using System.Xml.Linq;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Reporting.Page;

/// <summary>config.json for people: whatever is in it, a group for each object.</summary>
internal static class ConfigurationSection
{
    public static XElement Of(RunConfiguration configuration) => Html.Section("Configuration", Html.Folded(
        "Every option as resolved, versions and data",
        Html.Properties(
            "What config.json holds: with it the same run can be made again.",
            [.. ConfigurationRows.Of(configuration).Select(group => (group.Title, group.Rows))])));
}
