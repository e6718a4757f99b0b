using System.Globalization;
using Jarn.Runner.Commands;

namespace Jarn.Runner.Training;

/// <summary>When a training is saved.</summary>
/// <param name="Steps">From one checkpoint to the next; null where <see cref="Seconds"/> count.</param>
/// <param name="Seconds">From one checkpoint to the next; null where <see cref="Steps"/> count.</param>
/// <param name="Keep">How many of the last ones are kept.</param>
public sealed record CheckpointSchedule(int? Steps, double? Seconds, int Keep)
{
    /// <summary>Every ten minutes, the last two.</summary>
    public static CheckpointSchedule Default { get; } = new(Steps: null, Seconds: 600, Keep: 2);

    /// <param name="every">500, 90s, 10m or 2h; null for the other's.</param>
    /// <param name="keep">Null for the other's.</param>
    /// <exception cref="UserErrorException">A value is out of range.</exception>
    public CheckpointSchedule Override(string? every, int? keep) => (every is null ? this : Parse(every)) with
    {
        Keep = OptionValue.AtLeastOne("--keep-checkpoints", keep ?? Keep),
    };

    /// <param name="step">Steps taken.</param>
    /// <param name="sinceLast">Since the last checkpoint, or the start.</param>
    public bool IsDue(int step, TimeSpan sinceLast) => Steps is int steps ? step % steps == 0 : sinceLast.TotalSeconds >= Seconds;

    /// <exception cref="UserErrorException">Values of a config.json are out of range.</exception>
    public CheckpointSchedule Checked() => Keep >= 1 && (Steps is null ? Seconds > 0 : Steps >= 1 && Seconds is null) ? this
        : throw new UserErrorException("its checkpoint schedule is invalid");

    private static CheckpointSchedule Parse(string text)
    {
        (string digits, int seconds) = text switch
        {
            [.. string number, 's'] => (number, 1),
            [.. string number, 'm'] => (number, 60),
            [.. string number, 'h'] => (number, 3600),
            _ => (text, 0),
        };
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1
            ? seconds == 0 ? Default with { Steps = count, Seconds = null } : Default with { Seconds = (double)count * seconds }
            : throw new UserErrorException($"--checkpoint-every is {text}: give a number of steps such as 500, or a time such as 90s, 10m or 2h");
    }
}
