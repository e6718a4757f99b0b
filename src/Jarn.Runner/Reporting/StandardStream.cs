namespace Jarn.Runner.Reporting;

/// <summary>
/// Standard output or error that never throws: it remembers the first failure and drops what follows. A pipe whose reader has gone away, as with
/// <c>| head -1</c>, is no failure: .NET drops what is written to it.
/// </summary>
/// <param name="name">The stream's name in messages.</param>
/// <param name="descriptor">The file descriptor, 1 or 2.</param>
/// <param name="open">Opens the underlying stream.</param>
internal sealed class StandardStream(string name, int descriptor, Func<Stream> open) : Stream
{
    private Stream? _stream;
    private string? _failure;

    /// <summary>A message that output was lost, and why; null if none was.</summary>
    public string? Loss => _failure is null ? null
        : $"{name} cannot be written ({_failure}), and what was to be printed is lost: files are written as usual";

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes at once, in the console's encoding.</summary>
    public StreamWriter Writer() => new(this, Console.OutputEncoding) { AutoFlush = true };

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_failure is not null)
        {
            return;
        }
        try
        {
            _stream ??= IsClosed(descriptor) ? throw new IOException("it is closed") : open();
            _stream.Write(buffer);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            _failure = ((exception.InnerException as IOException) ?? exception).Message.TrimEnd('.');
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>
    /// Whether the program was started without this descriptor. Its number may then be that of a file which .NET has opened, and that is no place
    /// for text; such files, unlike inherited ones, are closed on exec.
    /// </summary>
    private static bool IsClosed(int descriptor)
    {
        const int closeOnExec = 0x80000;
        string path = $"/proc/self/fdinfo/{descriptor}";
        return OperatingSystem.IsLinux() && Directory.Exists("/proc/self/fdinfo") && !(File.Exists(path)
            && File.ReadLines(path).FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal)) is string flags
            && (Convert.ToInt32(flags.Split(':')[1].Trim(), 8) & closeOnExec) == 0);
    }
}
