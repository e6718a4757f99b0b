using Jarn.Models;

namespace Jarn.Runner.Experiments;

/// <summary>What a person sees while a run goes on.</summary>
public interface IDisplay : IProgressDisplay
{
    /// <summary>One line that stays.</summary>
    void Note(string line);
}
