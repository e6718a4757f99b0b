namespace Jarn.Tests.Ptx;

/// <summary>
/// PTX that the interpreter can't read, or a fault of a kernel while it runs; the message names the kernel, the instruction and the thread.
/// </summary>
internal sealed class PtxException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a lane did wrong; the warp, which knows kernel, instruction and thread, makes a <see cref="PtxException"/> of it.</summary>
internal sealed class LaneFault(int lane, string message) : Exception(message)
{
    public int Lane { get; } = lane;
}
