using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace Jarn.Runner.Reporting.TensorBoard;

/// <summary>
/// A file of TensorBoard's events. A record is the length of its data in 8 bytes, the checksum of those, the data, a Protobuf message, and its
/// checksum; numbers are little-endian.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;

    private EventFile(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>
    /// Makes a file hold these events and no others, and leaves it open for more. It is written in place, for TensorBoard keeps it open and reads
    /// on at its end: where it held these events already none of its bytes changes.
    /// </summary>
    /// <param name="begin">The start of the run in seconds since 1970. TensorBoard sorts runs by it.</param>
    /// <param name="events">The events that the file must hold.</param>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static EventFile Write(string path, long begin, IEnumerable<Event> events)
    {
        EventFile file;
        try
        {
            // Without a buffer an event that could not be written is not tried again when the file is closed.
            file = new EventFile(path, new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw Refused(path, exception);
        }
        try
        {
            file.Append([.. events.Prepend(new Event { WallTime = begin, FileVersion = "brain.Event:2" })]);
            file._file.SetLength(file._file.Position);
            return file;
        }
        catch (Exception exception)
        {
            file.Dispose();
            throw UserErrorException.IsFileSystemRefusal(exception) ? Refused(path, exception) : exception;
        }
    }

    /// <summary>Writes events through to the operating system: a crash of the process loses none.</summary>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public void Append(params ReadOnlySpan<Event> events)
    {
        MemoryStream records = new();
        foreach (Event item in events)
        {
            WriteRecord(records, item.ToByteArray());
        }
        try
        {
            _file.Write(records.GetBuffer().AsSpan(0, (int)records.Length));
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw Refused(_path, exception);
        }
    }

    public void Dispose() => _file.Dispose();

    private static void WriteRecord(MemoryStream records, ReadOnlySpan<byte> data)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)], checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        records.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Checksum(length));
        records.Write(checksum);
        records.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Checksum(data));
        records.Write(checksum);
    }

    /// <summary>
    /// CRC-32C, masked as the format wants it: the checksum of data that holds checksums of its own would otherwise be a poor one.
    /// </summary>
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }
        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }
        return unchecked(BitOperations.RotateRight(~crc, 15) + 0xa282ead8);
    }

    private static UserErrorException Refused(string path, Exception exception) => new(
        $"cannot write {path} ({UserErrorException.Reason(exception)}): free some disk space, or use --tensorboard off", exception);
}
