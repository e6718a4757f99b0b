using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Jarn.Models;

/// <summary>JSON as every file of ours has it: snake_case keys, names of enums in kebab-case, non-finite numbers as "NaN" and "Infinity".</summary>
internal static class JsonFormat
{
    /// <summary>JSON on one line, for the metadata of other files.</summary>
    public static JsonSerializerOptions Compact { get; } = new(JsonSerializerDefaults.Strict)
    {
        // These files are read by people and by JSON parsers, never pasted into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        // Otherwise there is none until something has been serialized, and whoever asks for a type's properties first fails.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
