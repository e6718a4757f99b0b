namespace Jarn.Models;

/// <summary>
/// The step size of APGD for one image (Croce and Hein 2020, section 3.1): it is halved at a checkpoint if (1) too few of the steps since the last
/// one increased the loss, or (2) it wasn't halved there and the best loss has not grown since.
/// </summary>
/// <param name="size">The first step size.</param>
/// <param name="loss">The loss at the starting point.</param>
public struct AdaptiveStep(float size, double loss)
{
    /// <summary>ρ: the share of steps that have to increase the loss for the step to stay as it is.</summary>
    private const double Share = 0.75;

    private double _last = loss, _bestAtCheckpoint = loss;
    private int _increases;

    // The start counts as a halving: the second condition compares two checkpoints.
    private bool _halved = true;

    /// <summary>In units of the pixel range [0, 1].</summary>
    public float Size { get; private set; } = size;

    /// <summary>The largest loss so far.</summary>
    public double Best { get; private set; } = loss;

    /// <summary>Takes note of a step's loss.</summary>
    /// <returns>Whether it is the largest so far.</returns>
    public bool Observe(double loss)
    {
        _increases += loss > _last ? 1 : 0;
        _last = loss;
        if (!(loss > Best))
        {
            return false;
        }
        Best = loss;
        return true;
    }

    /// <summary>Decides at a checkpoint. (Of exactly ρ·steps increases the paper keeps the step and its code halves it: so do we.)</summary>
    /// <param name="steps">Since the last one.</param>
    /// <returns>Whether the step was halved: the ascent goes on from its best point.</returns>
    public bool Checkpoint(int steps)
    {
        _halved = _increases <= Share * steps || (!_halved && _bestAtCheckpoint >= Best);
        Size = _halved ? Size / 2 : Size;
        (_bestAtCheckpoint, _increases) = (Best, 0);
        return _halved;
    }
}
