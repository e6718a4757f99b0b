namespace Jarn.Kernels;

/// <summary>Stands for memory while calls are noted, and leads to it while they are replayed.</summary>
internal sealed class CapturedBuffer(IDevice device, int length) : DeviceBuffer(device, length)
{
    /// <summary>What a replay has lent it; null before its first call and after its last.</summary>
    public DeviceBuffer? Memory { get; set; }

    /// <summary>The numbers of the first and the last call that it takes part in; −1 before any.</summary>
    public int FirstCall { get; private set; } = -1;

    public int LastCall { get; private set; } = -1;

    /// <returns>Whether it is the first call.</returns>
    public bool UsedBy(int call)
    {
        bool isFirst = FirstCall < 0;
        FirstCall = isFirst ? call : FirstCall;
        LastCall = call;
        return isFirst;
    }

    public void GiveBack()
    {
        Memory?.Dispose();
        Memory = null;
    }

    protected internal override void Free()
    {
    }
}
