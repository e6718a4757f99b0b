namespace Jarn.Runner.Experiments.Training;

/// <summary>When a training is saved.</summary>
/// <param name="Steps">Steps from one checkpoint to the next; null if <see cref="Seconds"/> is given.</param>
/// <param name="Seconds">Seconds from one checkpoint to the next; null if <see cref="Steps"/> is given.</param>
/// <param name="Keep">The number of checkpoints to keep.</param>
public sealed record CheckpointSchedule(int? Steps, double? Seconds, int Keep)
{
    /// <summary>Every ten minutes, the last two.</summary>
    public static CheckpointSchedule Default { get; } = new(Steps: null, Seconds: 600, Keep: 2);

    /// <param name="step">The number of steps taken.</param>
    /// <param name="sinceLast">The time since the last checkpoint, or since the start.</param>
    public bool IsDue(int step, TimeSpan sinceLast) => Steps is int steps ? step % steps == 0 : sinceLast.TotalSeconds >= Seconds;

    /// <exception cref="UserErrorException">Values of a config.json are out of range.</exception>
    public CheckpointSchedule Checked() => Keep >= 1 && (Steps is null ? Seconds > 0 : Steps >= 1 && Seconds is null) ? this
        : throw new UserErrorException("its checkpoint schedule is invalid");
}
