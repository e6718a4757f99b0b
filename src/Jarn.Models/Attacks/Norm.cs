using System.Text.Json.Serialization;

namespace Jarn.Models;

/// <summary>How far x′ is from x. What depends on it, and what a further norm has to say, is its <see cref="NormBall"/>.</summary>
public enum Norm
{
    /// <summary>L∞: the largest change of a pixel.</summary>
    [JsonStringEnumMemberName("linf")]
    LInf,
}
