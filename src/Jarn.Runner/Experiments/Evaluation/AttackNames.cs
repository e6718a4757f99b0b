using Jarn.Models;

namespace Jarn.Runner.Experiments.Evaluation;

/// <summary>The attacks that <c>--attacks</c> takes, such as fgsm,pgd20.</summary>
public static class AttackNames
{
    /// <returns>Each name once, in their order.</returns>
    /// <exception cref="UserErrorException">There is no attack of such a name.</exception>
    public static IReadOnlyList<string> Of(string text)
    {
        try
        {
            return [.. text.Split(',').Distinct().Select(name => AttackDefinition.Named(name, ThreatModel.LInf(1), channels: 1).Name)];
        }
        catch (FormatException exception)
        {
            throw new UserErrorException(exception.Message, exception);
        }
    }
}
