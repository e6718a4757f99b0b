using System.Text.Json;
using Jarn.Models;

namespace Jarn.Runner.Runs;

/// <summary>JSON as every run writes it: indented, snake_case keys, non-finite numbers as "NaN" and "Infinity".</summary>
public static class JsonFile
{
    public static JsonSerializerOptions Options { get; } = new(JsonFormat.Compact) { WriteIndented = true };

    /// <summary>The same on one line: for the metadata of other files.</summary>
    public static JsonSerializerOptions Compact => JsonFormat.Compact;

    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write<T>(string path, T value) => AtomicFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, value, Options);
        stream.WriteByte((byte)'\n');
    });

    /// <exception cref="UserErrorException">The file is absent, is no JSON, or lacks what <typeparamref name="T"/> requires.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Options)
                ?? throw new UserErrorException($"{path} holds null where a JSON object was expected: give a file that a run has written");
        }
        catch (JsonException exception)
        {
            throw new UserErrorException(
                $"{path} cannot be understood (line {exception.LineNumber + 1}: {exception.Message.TrimEnd('.')}): give a file that a run has written",
                exception);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({exception.Message.TrimEnd('.')})", exception);
        }
    }
}
