namespace Jarn.Runner.Data;

/// <summary>
/// The bytes of a file of foreign make, forwards only. What its headers claim is believed only as far as bytes arrive: a forged length
/// costs no more memory than the file's own size, and unpacking stops where no image could have been packed that small.
/// </summary>
public sealed class UntrustedStream : ForwardStream
{
    /// <summary>Real images compress to a fifth, labels to a half; a file that unpacks to twentyfold is a bomb.</summary>
    private const int MaximumExpansion = 20;

    private const int AlwaysUnpacked = 1 << 20;

    /// <summary>Images unpack to at most so many times their file, so theirs is the one allocation.</summary>
    private const int AllocatedAtOnce = 5;

    private const int AlwaysAllocated = 1 << 16;

    private readonly Stream _inner;
    private readonly long _fileLength;
    private readonly long _end;
    private long _position;
    private long _limit = long.MaxValue;

    /// <param name="inner">The stream to read. It is never read further than asked for.</param>
    /// <param name="fileLength">The length of the whole file, which limits how much memory is allocated.</param>
    /// <param name="claimed">Bytes that the file claims to hold, see <see cref="Claimed"/>.</param>
    /// <param name="end">The position where this stream ends, even if <paramref name="inner"/> goes on.</param>
    private UntrustedStream(Stream inner, long fileLength, long claimed, long end)
    {
        (_inner, _fileLength, Claimed, _end) = (inner, fileLength, claimed, end);
    }

    /// <summary>
    /// How many bytes this stream holds by its own account: a file's size, the header of an archive's entry; unknown (long.MaxValue) of unpacked
    /// ones.
    /// </summary>
    public long Claimed { get; }

    /// <summary>The number of bytes read so far.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Reads a whole file; gzip around it, of one member or several, is recognised by its content.</summary>
    /// <param name="file">At its beginning, seekable.</param>
    /// <param name="path">Its name, for the messages.</param>
    /// <param name="parse">Reads to the end; throws <see cref="InvalidDataException"/> on what is wrong.</param>
    /// <exception cref="UserErrorException">The file is damaged, truncated, of another kind, or longer than its content.</exception>
    public static T Parse<T>(Stream file, string path, Func<UntrustedStream, T> parse)
    {
        try
        {
            UntrustedStream plain = new(file, file.Length, claimed: file.Length, end: long.MaxValue);
            if (!GzipMembers.Is(file))
            {
                return ParseWhole(plain, parse);
            }
            using UntrustedStream unpacked = plain.Unpack(new GzipMembers(file));
            return ParseWhole(unpacked, parse);
        }
        // A stream of zlib that wants a dictionary is refused with an IOException.
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            string fault = FileKind.Of(file) is { IsFailedDownload: true } kind ? $"it is {kind.Name}: {kind.Advice}"
                : exception is EndOfStreamException ? "it is truncated" : exception.Message.TrimEnd('.');
            throw new UserErrorException($"{path} cannot be used ({fault}): download it again, or delete it and Jarn downloads it", exception);
        }
    }

    /// <summary>The next <paramref name="length"/> bytes as a stream of their own, to be read before this one is read on.</summary>
    public UntrustedStream Section(long length) => new(this, _fileLength, claimed: length, end: length);

    /// <summary>Unpacks this stream. Reading more than images could unpack to throws.</summary>
    /// <param name="decompressing">Over this stream; disposed with the result.</param>
    public UntrustedStream Unpack(Stream decompressing) =>
        new(decompressing, _fileLength, claimed: long.MaxValue, end: long.MaxValue) { _limit = AlwaysUnpacked + (MaximumExpansion * _fileLength) };

    public override int Read(Span<byte> buffer)
    {
        int read = _inner.Read(buffer[..(int)Math.Min(buffer.Length, _end - _position)]);
        _position += read;
        return _position <= _limit ? read : throw new InvalidDataException($"it unpacks to more than {MaximumExpansion} times its size");
    }

    /// <summary>The next <paramref name="length"/> bytes. The array grows as they come in, beyond what the file's size makes likely.</summary>
    /// <exception cref="InvalidDataException">They are not all there.</exception>
    public byte[] ReadArray(long length)
    {
        if (length is < 0 || length > Array.MaxLength)
        {
            throw new InvalidDataException($"it claims to have {length} bytes in one piece");
        }
        byte[] values = new byte[Math.Min(length, AlwaysAllocated + (AllocatedAtOnce * _fileLength))];
        int read = 0;
        while (true)
        {
            read += this.ReadAtLeast(values.AsSpan(read), values.Length - read, throwOnEndOfStream: false);
            if (read < values.Length)
            {
                throw new InvalidDataException($"it is truncated: it has {read} of {length} bytes");
            }
            if (read == length)
            {
                return values;
            }
            Array.Resize(ref values, (int)Math.Min(length, 2L * values.Length));
        }
    }

    /// <summary>Reads all bytes up to the end. The array grows as they arrive.</summary>
    /// <exception cref="InvalidDataException">They are more than an array holds, or a section is not all there.</exception>
    public byte[] ReadRest()
    {
        byte[] values = new byte[Math.Min(Claimed, AlwaysAllocated + (AllocatedAtOnce * _fileLength))];
        int read = 0;
        while (true)
        {
            read += this.ReadAtLeast(values.AsSpan(read), values.Length - read, throwOnEndOfStream: false);
            if (read < values.Length || ReadByte() is not (>= 0 and var next))
            {
                SkipRest();
                Array.Resize(ref values, read);
                return values;
            }
            Array.Resize(ref values, (int)Math.Min(Array.MaxLength, 2L * Math.Max(values.Length, AlwaysAllocated)));
            values[read] = read < values.Length ? (byte)next : throw new InvalidDataException("it has more bytes than fit into memory in one piece");
            read++;
        }
    }

    /// <summary>Reads on to the end of a section.</summary>
    /// <exception cref="InvalidDataException">The stream ends too early.</exception>
    public void SkipRest()
    {
        Span<byte> discarded = stackalloc byte[4096];
        while (Read(discarded) > 0)
        {
        }
        if (_end != long.MaxValue && _position < _end)
        {
            throw new InvalidDataException($"it is truncated: it has {_position} of {_end} bytes");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _limit != long.MaxValue)
        {
            _inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private static T ParseWhole<T>(UntrustedStream content, Func<UntrustedStream, T> parse)
    {
        T parsed = parse(content);
        return content.ReadByte() < 0 ? parsed : throw new InvalidDataException($"something follows the {content.Position - 1} bytes of its content");
    }
}
