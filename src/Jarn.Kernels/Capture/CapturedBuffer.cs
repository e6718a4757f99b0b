namespace Jarn.Kernels;

/// <summary>Stands for memory while calls are noted, and leads to it while they are replayed.</summary>
internal sealed class CapturedBuffer(IDevice device, int length) : DeviceBuffer(device, length)
{
    /// <summary>The memory that a replay has lent it; null before its first call and after its last.</summary>
    public DeviceBuffer? Memory { get; set; }

    /// <summary>The numbers of the first and the last call that it takes part in; −1 before any.</summary>
    public int FirstCall { get; private set; } = -1;

    public int LastCall { get; private set; } = -1;

    /// <summary>The buffer whose memory it takes over, both being used by its first call; null where it wants memory of its own.</summary>
    public CapturedBuffer? Predecessor { get; set; }

    /// <summary>Whether another takes its memory over in its last call.</summary>
    public bool HandsOn { get; set; }

    /// <returns>Whether it is the first call.</returns>
    public bool UsedBy(int call)
    {
        bool isFirst = FirstCall < 0;
        FirstCall = isFirst ? call : FirstCall;
        LastCall = call;
        return isFirst;
    }

    public void Take(IDevice device) => Memory = Predecessor?.Memory ?? device.Allocate(Length);

    /// <summary>After the last call.</summary>
    public void Leave()
    {
        if (!HandsOn)
        {
            Memory?.Dispose();
        }
        Memory = null;
    }

    /// <summary>Wherever a replay ended.</summary>
    public void GiveBack()
    {
        Memory?.Dispose();
        Memory = null;
    }

    protected internal override void Free()
    {
    }
}
