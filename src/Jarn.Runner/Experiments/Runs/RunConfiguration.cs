using System.Reflection;
using System.Runtime.InteropServices;
using Jarn.Runner.Data;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>The content of config.json.</summary>
/// <param name="Options">All options after defaults and presets were applied.</param>
/// <param name="Versions">The versions of Jarn, .NET, ILGPU and the operating system that made the run.</param>
/// <param name="Device">The device's kind and name.</param>
/// <param name="Dataset">The name of the images; a stand-in's name where drawn images stood in.</param>
/// <param name="StandInReason">Why drawn images stood in; null for real ones.</param>
/// <param name="Data">The data files that were read.</param>
/// <param name="Verb">The command that was run; null in files of older versions, which could only train.</param>
/// <param name="Begun">When the run started, to the second; null in files of older versions.</param>
public sealed record RunConfiguration(
    TrainingConfiguration Options, Versions Versions, string Device, string Dataset, string? StandInReason, IReadOnlyList<FileRead> Data,
    string? Verb = null, DateTimeOffset? Begun = null)
{
    /// <summary><see cref="Verb"/> of a training run.</summary>
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

/// <summary>The software that made a run.</summary>
public sealed record Versions(string Jarn, string Dotnet, string Ilgpu, string System)
{
    public static Versions Current => new(
        Of(typeof(Versions).Assembly), RuntimeInformation.FrameworkDescription, Of(Assembly.Load("ILGPU")), RuntimeInformation.OSDescription);

    private static string Of(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "";
}
