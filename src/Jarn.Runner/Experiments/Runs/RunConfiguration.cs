using System.Reflection;
using System.Runtime.InteropServices;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>config.json.</summary>
/// <param name="Options">Every option as resolved.</param>
/// <param name="Versions">What the run was made with.</param>
/// <param name="Device">Kind and name.</param>
/// <param name="Dataset">What the images are.</param>
/// <param name="StandInReason">Why drawn images stood in; null for real ones.</param>
/// <param name="Data">The files read.</param>
/// <param name="Verb">What was run; null where an older version wrote it, which could only train.</param>
/// <param name="Begun">When, to the second; null where an older version wrote it.</param>
public sealed record RunConfiguration(
    TrainingConfiguration Options, Versions Versions, string Device, string Dataset, string? StandInReason, IReadOnlyList<FileRead> Data,
    string? Verb = null, DateTimeOffset? Begun = null)
{
    /// <summary>What trains.</summary>
    public const string TrainVerb = "train";

    /// <exception cref="UserErrorException">The file is absent, or holds no settings that a run could have.</exception>
    public static RunConfiguration Read(string path)
    {
        RunConfiguration read = JsonFile.Read<RunConfiguration>(path, OlderConfiguration.Upgrade);
        try
        {
            read.Options.Checked();
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException($"{path} is invalid: {exception.Message}", exception);
        }
        return !read.Data.Contains(null!) ? read : throw new UserErrorException($"{path} is invalid: a data file in it is null");
    }
}

/// <summary>What a run was made with.</summary>
public sealed record Versions(string Jarn, string Dotnet, string Ilgpu, string System)
{
    public static Versions Current => new(
        Of(typeof(Versions).Assembly), RuntimeInformation.FrameworkDescription, Of(Assembly.Load("ILGPU")), RuntimeInformation.OSDescription);

    private static string Of(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "";
}
