namespace Jarn.Kernels;

/// <summary>A device's memory is spent; the message is a sentence for the user that names the bytes asked for.</summary>
public sealed class DeviceMemoryException(string message, Exception inner) : Exception(message, inner);
