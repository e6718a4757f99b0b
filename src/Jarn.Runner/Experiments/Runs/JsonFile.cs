using System.Text.Json;
using System.Text.Json.Nodes;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>JSON as every run writes it: indented, snake_case keys, non-finite numbers as "NaN" and "Infinity".</summary>
public static class JsonFile
{
    public static JsonSerializerOptions Options { get; } = new(JsonFormat.Compact) { WriteIndented = true };

    /// <summary>JSON on one line, for the metadata of other files.</summary>
    public static JsonSerializerOptions Compact => JsonFormat.Compact;

    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write<T>(string path, T value) => AtomicFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, value, Options);
        stream.WriteByte((byte)'\n');
    });

    /// <param name="upgrade">Changes what an older version wrote into the current form; null if there is only one form.</param>
    /// <exception cref="UserErrorException">The file is absent, is no JSON, or lacks what <typeparamref name="T"/> requires.</exception>
    public static T Read<T>(string path, Action<JsonNode?>? upgrade = null)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            T? read;
            if (upgrade is null)
            {
                read = JsonSerializer.Deserialize<T>(stream, Options);
            }
            else
            {
                JsonNode? node = JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
                upgrade(node);
                read = node.Deserialize<T>(Options);
            }
            return read ?? throw new UserErrorException($"{path} holds null where a JSON object was expected: give a file that a run has written");
        }
        // A string that is no UTF-8 comes as InvalidOperation, a value that its record refuses as ArgumentOutOfRange.
        catch (Exception exception) when (exception is JsonException or ArgumentOutOfRangeException
            || (exception is InvalidOperationException && upgrade is not null))
        {
            string line = exception is JsonException { LineNumber: long number } ? $"line {number + 1}: " : "";
            string fault = exception.Message.Split(" (Parameter")[0];
            throw new UserErrorException($"{path} cannot be understood ({line}{fault.TrimEnd('.')}): give a file that a run has written", exception);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({exception.Message.TrimEnd('.')})", exception);
        }
    }
}
