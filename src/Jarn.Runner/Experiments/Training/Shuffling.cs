using Jarn.Kernels;
using Jarn.Models;

namespace Jarn.Runner.Experiments.Training;

/// <summary>The order of the training images, anew for each epoch: a function of seed and epoch alone.</summary>
public static class Shuffling
{
    public static int[] Order(int count, ulong seed, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        PhiloxSequence random = new(new RandomStream(seed, RandomStream.Shuffling).At((uint)epoch), 0);
        for (int last = count - 1; last > 0; last--)
        {
            int other = random.Below(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
        return order;
    }
}
