using Jarn.Models;

namespace Jarn.Runner.Experiments;

/// <summary>Shows a person what a run does.</summary>
public interface IDisplay : IProgressDisplay
{
    /// <summary>Shows a line that stays.</summary>
    void Note(string line);
}
